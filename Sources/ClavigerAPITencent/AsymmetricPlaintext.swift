import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// What AsymmetricRsaDecrypt and AsymmetricSm2Decrypt answer.
struct AsymmetricPlaintext: TencentResponse {
    let id: KeyID
    let plaintext: KeyMaterial

    func encode(to json: inout JSONWriter) {
        json.member("KeyId", id.description)
        json.name("Plaintext")
        plaintext.withUnsafeBytes { json.base64($0) }
    }
}

extension ParameterValues {
    /// Base64 of a ciphertext; what cannot be one is like one that does not decrypt.
    func asymmetricCiphertext(most: Int) throws(KMSError) -> [UInt8] {
        do throws(KMSError) {
            return try base64("Ciphertext", 1...most)
        } catch {
            throw KMSError(.decryptionFailed, error.message)
        }
    }
}
