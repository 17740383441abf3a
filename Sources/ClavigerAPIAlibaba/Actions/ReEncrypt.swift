import ClavigerCore
import ClavigerCrypto

/// Moves a ciphertext to a symmetric key, to its newest version or to another context; the plaintext stays inside. The source is a ciphertext under a
/// symmetric key, which names it, or one under the public key of an asymmetric key, which the call names.
struct ReEncrypt: ResidentKeysAction {
    typealias Response = EncryptedResponse

    static let required: [StaticString] = ["CiphertextBlob", "DestinationKeyId"]

    /// All are there for an asymmetric source, and none for a symmetric one.
    private static let ofAsymmetricSource: [StaticString] = [
        "SourceKeyId", "SourceKeyVersionId", "SourceEncryptionAlgorithm",
    ]

    private enum Source: Sendable {
        case symmetric(Ciphertext, EncryptionContext)
        case asymmetric([UInt8], AlibabaKeyName, AsymmetricUse<AsymmetricEncryptionScheme>)
    }

    private let source: Source
    private let destination: AlibabaKeyName
    private let context: EncryptionContext

    init(_ values: AlibabaValues) throws(KMSError) {
        let sourceContext = try values.encryptionContext("SourceEncryptionContext")
        if Self.ofAsymmetricSource.contains(where: { values.given($0) != nil }) {
            try values.require(Self.ofAsymmetricSource)
            source = .asymmetric(
                try values.asymmetricCiphertext(), try values.keyName("SourceKeyId"),
                try AsymmetricUse(values, version: "SourceKeyVersionId", algorithm: "SourceEncryptionAlgorithm"))
        } else {
            source = .symmetric(try values.ciphertext(), sourceContext)
        }
        destination = try values.keyName("DestinationKeyId")
        context = try values.encryptionContext("DestinationEncryptionContext")
    }

    var keys: [AlibabaKeyName] {
        switch source {
        case .symmetric(let ciphertext, _): [AlibabaKeyName(id: KeyID(ciphertext.keyID)), destination]
        case .asymmetric(_, let key, _): [key, destination]
        }
    }

    /// Each key once.
    var resources: [String] {
        let named = keys.compactMap(\.resource)
        return named.first == named.last ? named.suffix(1) : named
    }

    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller {
        index == 0 ? caller : caller.needing(.reEncryptTo)
    }

    func computesLong(with keys: [ResidentKey]) -> Bool {
        switch source {
        case .symmetric: false
        case .asymmetric: true
        }
    }

    func perform(with keys: [ResidentKey], in call: AlibabaCall) throws(KMSError) -> Response {
        let (from, to) = (keys[0], keys[1])
        let ciphertext: [UInt8]
        switch source {
        case .symmetric(let original, let sourceContext):
            let outcome = try call.kms.reEncrypt(
                original, from: from, context: sourceContext, to: to, context: context, isForced: true, as: call.caller)
            switch outcome {
            case .unchanged: ciphertext = original.bytes
            case .reEncrypted(let new): ciphertext = new
            }
        case .asymmetric(let original, _, let use):
            let version = try use.version(of: from, for: .asymmetricDecrypt, in: call.kms, as: call.caller)
            ciphertext = try call.kms.reEncrypt(
                from: from, version: version, to: to, context: context, as: call.caller
            ) { (original, use.scheme) }
        }
        return EncryptedResponse(key: KeyAndVersion(encryptingBy: to), ciphertext: ciphertext)
    }
}
