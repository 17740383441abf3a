import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Encrypts a data key of the caller's, which comes with its SHA-256 (contract, section 7.11).
struct EncryptDatakey: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/encrypt-datakey")
    static let required: [StaticString] = ["key_id", "plain_text", "datakey_plain_length"]

    /// The data key, then its digest.
    private let plaintext: KeyMaterial
    private let context: EncryptionContext

    private var size: Int { plaintext.count - Digest32.size }

    init(_ values: HuaweiValues) throws(KMSError) {
        plaintext = try values.dataKeyWithDigest()
        context = try values.context()
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        let ciphertext = try call.kms.encrypt(
            under: key, purpose: .dataKey, context: context, as: call.caller, dataKey)
        return Response(id: key.key.id, ciphertext: ciphertext, size: size)
    }

    /// - Throws: KMS.2103.
    private func dataKey() throws(KMSError) -> KeyMaterial {
        try plaintext.withUnsafeBytes { bytes throws(KMSError) in
            let dataKey = UnsafeRawBufferPointer(rebasing: bytes[..<size])
            let digest = UnsafeRawBufferPointer(rebasing: bytes[size...])
            guard SHA256Hasher.hash(dataKey).withUnsafeBytes({ constantTimeEqual($0, digest) }) else {
                throw KMSError(HuaweiCode.wrongDigest)
            }
            return KeyMaterial(copying: dataKey)
        }
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let ciphertext: [UInt8]
        let size: Int

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.name("cipher_text")
            ciphertext.withUnsafeBytes { json.hexadecimal($0) }
            json.member("datakey_length", String(size))
        }
    }
}
