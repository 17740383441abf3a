import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Encrypts up to 4096 bytes of text under a customer master key (contract, section 7.17).
struct EncryptData: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/encrypt-data")
    static let required: [StaticString] = ["key_id", "plain_text"]

    private static let longestPlaintext = 4096

    private let plaintext: ArraySlice<UInt8>
    private let context: EncryptionContext

    init(_ values: HuaweiValues) throws(KMSError) {
        plaintext = try values.bytes("plain_text", else: .invalidPlaintext) ?? []
        guard (1...Self.longestPlaintext).contains(plaintext.count) else {
            throw KMSError(HuaweiCode.invalidPlaintext, "plain_text has 1 to \(Self.longestPlaintext) bytes")
        }
        try values.requireSymmetricAlgorithm()
        context = try values.context()
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        let ciphertext = try call.kms.encrypt(under: key, context: context, as: call.caller) {
            KeyMaterial(plaintext)
        }
        return Response(id: key.key.id, ciphertext: ciphertext)
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let ciphertext: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.name("cipher_text")
            ciphertext.withUnsafeBytes { json.base64($0) }
        }
    }
}
