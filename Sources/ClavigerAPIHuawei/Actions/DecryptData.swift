import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Decrypts what ``EncryptData`` made, or the Encrypt of another dialect (contract, section 7.18).
struct DecryptData: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/decrypt-data")
    static let required: [StaticString] = ["cipher_text"]
    static let keySource = HuaweiKeySource.ciphertext

    /// Characters of a ciphertext.
    private static let lengths = 188...5648

    private let ciphertext: Ciphertext
    private let context: EncryptionContext
    private let named: KeyID?

    init(_ values: HuaweiValues) throws(KMSError) {
        try values.requireSymmetricAlgorithm()
        context = try values.context()
        guard let text = try values.bytes("cipher_text", else: .invalidCiphertext), Self.lengths.contains(text.count)
        else { throw .invalidCiphertext }
        do throws(CryptoError) {
            ciphertext = try Ciphertext(try Base64.decode(text))
        } catch {
            throw .invalidCiphertext
        }
        // What is no data passes for none, even with the right key.
        guard ciphertext.purpose == .data else { throw .invalidCiphertext }
        named = try values.keyID(in: .ciphertext)
        guard named == nil || named?.value == ciphertext.keyID else { throw .invalidCiphertext }
    }

    var keyOfCiphertext: KeyID? { KeyID(ciphertext.keyID) }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        Response(
            id: key.key.id,
            plaintext: try call.kms.decrypt(ciphertext, with: key, context: context, as: call.caller))
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let plaintext: KeyMaterial

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            plaintext.withUnsafeBytes { bytes in
                // Other dialects encrypt bytes that are no text; those have only the second form.
                if isText(bytes) {
                    json.name("plain_text")
                    json.string(bytes)
                }
                json.name("plain_text_base64")
                json.base64(bytes)
            }
        }

        private func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
            var copy = Array(bytes)
            defer { copy.withUnsafeMutableBytes { LockedMemory.wipe($0) } }
            return UTF8Text.isValid(copy)
        }
    }
}

extension HuaweiValues {
    /// Accepts the one algorithm that symmetric keys have, for clients that name it.
    ///
    /// - Throws: KMS.0308.
    func requireSymmetricAlgorithm() throws(KMSError) {
        guard try text("encryption_algorithm") ?? "SYMMETRIC_DEFAULT" == "SYMMETRIC_DEFAULT" else {
            throw KMSError(HuaweiCode.invalidParameter, "the encryption_algorithm is SYMMETRIC_DEFAULT")
        }
    }
}
