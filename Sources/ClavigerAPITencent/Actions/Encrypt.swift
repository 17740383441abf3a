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
    private let plaintext: ArraySlice<UInt8>
    private let context: EncryptionContext

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        plaintext = values.bytes("Plaintext") ?? []
        context = try values.encryptionContext()
    }

    var keys: [KeyID] { [id] }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        let ciphertext = try call.kms.encrypt(
            under: keys[0], context: context, as: call.caller
        ) { () throws(KMSError) in try decodedPlaintext() }
        return Response(id: id, ciphertext: ciphertext)
    }

    private func decodedPlaintext() throws(KMSError) -> KeyMaterial {
        let decoded: KeyMaterial? = plaintext.withUnsafeBytes { text in
            guard let count = Base64.decodedCount(text), 1...Self.longestPlaintext ~= count else { return nil }
            return try? KeyMaterial(count: count) { target throws(CryptoError) in try Base64.decode(text, into: target)
            }
        }
        guard let decoded else {
            throw KMSError(.invalidPlaintext, "Plaintext is the base64 of 1 to \(Self.longestPlaintext) bytes")
        }
        return decoded
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
