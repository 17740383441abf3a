import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells what is known of a key version.
struct DescribeKeyVersion: ReadingAction, KeyNaming {
    typealias Response = KeyVersionResponse

    static let required: [StaticString] = ["KeyId", "KeyVersionId"]

    let key: AlibabaKeyName

    /// `nil` for a text that is no version's id.
    private let version: KeyVersionID?

    init(_ values: AlibabaValues) throws(KMSError) {
        version = try values.keyVersion()
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> KeyVersionResponse {
        let resident = try await call.load(key, as: call.caller)
        let versions = try await call.kms.versions(of: resident, as: call.caller)
        guard let found = versions.first(where: { $0.id == version }) else {
            throw KMSError(.keyVersionNotFound, "key \(resident.key.id) has no such version")
        }
        return KeyVersionResponse(version: found)
    }
}
