import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a customer master key (contract, section 5.1).
struct CreateKey: ManagementAction {
    private let new: NewKey

    init(_ values: AlibabaValues) throws(KMSError) {
        let period = try values.rotationPeriod()
        let spec = try values.choice("KeySpec", KeySpec.alibabaChoices) ?? .aes256
        let usages = spec.alibabaUsages
        let usage = try values.choice("KeyUsage", KeyUsage.alibabaChoices) ?? usages[0]
        guard usages.contains(usage) else {
            let words = usages.map(\.alibaba).joined(separator: " or ")
            throw KMSError(.invalidParameter, "keys of the kind \(spec.alibaba) are for \(words)")
        }
        let origin = try values.choice("Origin", KeyOrigin.alibabaChoices) ?? .generated
        guard origin == .generated || spec.isSymmetric else {
            throw KMSError(.invalidParameter, "only symmetric keys can have material from outside")
        }
        guard period == nil || origin == .generated && spec.isSymmetric else {
            throw KMSError(.invalidParameter, "only symmetric keys with material made here rotate by themselves")
        }
        let level = try values.choice("ProtectionLevel", ProtectionLevel.choices) ?? .software
        new = NewKey(
            spec: spec, usage: usage, origin: origin, alias: nil, rotationPeriod: period,
            description: try values.keyDescription() ?? "", tags: try values.tags("Tags"))
        guard level == .software else {
            throw KMSError(alibaba: .unsupportedProtectionLevel, "there is no HSM here; use SOFTWARE")
        }
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        Response(metadata: KeyMetadata(try await call.kms.create(new, as: call.caller), in: call))
    }

    struct Response: AlibabaResponse {
        let metadata: KeyMetadata

        var madeKeys: [KeyID] { [metadata.key.id] }

        func encode(to json: inout JSONWriter) {
            json.name("KeyMetadata")
            json.object { metadata.encode(to: &$0) }
        }
    }
}
