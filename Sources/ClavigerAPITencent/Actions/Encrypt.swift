import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Encrypts up to 4 KiB of data under a customer master key.
struct Encrypt: DataPlaneAction {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("Plaintext", .string),
        .optional("EncryptionContext", .string),
    ]

    private static let longestPlaintext = 4096

    private let id: KeyID
    private let values: ParameterValues
    private let context: EncryptionContext

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        self.values = values
        context = try values.encryptionContext()
    }

    var keys: [KeyID] { [id] }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        let ciphertext = try call.kms.encrypt(
            under: keys[0], context: context, as: call.caller
        ) { () throws(KMSError) in try values.plaintext("Plaintext", most: Self.longestPlaintext) }
        return Response(id: id, ciphertext: ciphertext)
    }

    struct Response: TencentResponse {
        let id: KeyID
        let ciphertext: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.name("CiphertextBlob")
            ciphertext.withUnsafeBytes { json.base64($0) }
        }
    }
}
