import ClavigerCore
import ClavigerCrypto

/// Encrypts up to 6144 bytes under a symmetric key.
struct Encrypt: ResidentKeyAction {
    typealias Response = EncryptedResponse

    static let required: [StaticString] = ["KeyId", "Plaintext"]

    private static let plaintextSizes = 1...6144

    let key: AlibabaKeyName
    private let plaintext: KeyMaterial
    private let context: EncryptionContext

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        plaintext = try values.plaintext("Plaintext", Self.plaintextSizes)
        context = try values.encryptionContext()
    }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let ciphertext = try call.kms.encrypt(under: key, context: context, as: call.caller) { plaintext }
        return EncryptedResponse(key: KeyAndVersion(encryptingBy: key), ciphertext: ciphertext)
    }
}
