import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Moves a ciphertext to another key, to the newest version of its own, or to another context; the plaintext stays inside.
struct ReEncrypt: DataPlaneAction {
    static let parameters: [Parameter] = [
        .required("CiphertextBlob", .string),
        .optional("DestinationKeyId", .string),
        .optional("SourceEncryptionContext", .string),
        .optional("DestinationEncryptionContext", .string),
    ]

    private let ciphertext: Ciphertext
    private let text: ArraySlice<UInt8>
    private let destination: KeyID
    private let sourceContext: EncryptionContext
    private let destinationContext: EncryptionContext

    init(_ values: ParameterValues) throws(KMSError) {
        let named = values.bytes("DestinationKeyId") == nil ? nil : try values.keyID("DestinationKeyId")
        ciphertext = try values.ciphertext()
        text = values.bytes("CiphertextBlob") ?? []
        destination = named ?? KeyID(ciphertext.keyID)
        sourceContext = try values.encryptionContext("SourceEncryptionContext")
        destinationContext = try values.encryptionContext("DestinationEncryptionContext")
    }

    var keys: [KeyID] { [KeyID(ciphertext.keyID), destination] }

    /// Each key once.
    var resources: [KeyID] { KeyID(ciphertext.keyID) == destination ? [destination] : keys }

    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller {
        index == 0 ? caller : caller.needing(.reEncryptTo)
    }

    func failure(missingKeyAt index: Int) -> KMSError { index == 0 ? .invalidCiphertext : .keyNotFound(destination) }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        let outcome = try call.kms.reEncrypt(
            ciphertext, from: keys[0], context: sourceContext, to: keys[1], context: destinationContext, as: call.caller
        )
        return Response(source: keys[0].key.id, destination: destination, original: text, outcome: outcome)
    }

    struct Response: TencentResponse {
        let source: KeyID
        let destination: KeyID
        let original: ArraySlice<UInt8>
        let outcome: ReEncryption

        func encode(to json: inout JSONWriter) {
            json.name("CiphertextBlob")
            switch outcome {
            case .unchanged: json.string(original)
            case .reEncrypted(let ciphertext): ciphertext.withUnsafeBytes { json.base64($0) }
            }
            json.member("KeyId", destination.description)
            json.member("SourceKeyId", source.description)
            json.name("ReEncrypted")
            switch outcome {
            case .unchanged: json.bool(false)
            case .reEncrypted: json.bool(true)
            }
        }
    }
}
