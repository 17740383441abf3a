import ClavigerCore
import ClavigerCrypto

/// Decrypts what a symmetric key has encrypted; the ciphertext names it.
struct Decrypt: ResidentKeyAction {
    typealias Response = DecryptedResponse

    static let required: [StaticString] = ["CiphertextBlob"]

    private let ciphertext: Ciphertext
    private let context: EncryptionContext

    init(_ values: AlibabaValues) throws(KMSError) {
        ciphertext = try values.ciphertext()
        context = try values.encryptionContext()
    }

    var key: AlibabaKeyName { AlibabaKeyName(id: KeyID(ciphertext.keyID)) }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        DecryptedResponse(
            key: KeyAndVersion(of: ciphertext),
            plaintext: try call.kms.decrypt(ciphertext, with: key, context: context, as: call.caller))
    }
}
