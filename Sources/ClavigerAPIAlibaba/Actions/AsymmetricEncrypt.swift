import ClavigerCore
import ClavigerCrypto

/// Encrypts under the public key of an asymmetric key. RSA takes as much as the padding leaves of the modulus, SM2 6047 bytes, and gives 04, x, y, C3, C2.
struct AsymmetricEncrypt: ResidentKeyAction {
    typealias Response = EncryptedResponse

    static let required: [StaticString] = ["KeyId", "KeyVersionId", "Algorithm", "Plaintext"]

    private static let plaintextSizes = 1...6047

    let key: AlibabaKeyName
    private let use: AsymmetricUse<AsymmetricEncryptionScheme>
    private let plaintext: KeyMaterial

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        use = try AsymmetricUse(values)
        plaintext = try values.plaintext("Plaintext", Self.plaintextSizes)
    }

    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller { asking(caller) }

    func computesLong(with key: ResidentKey) -> Bool { !key.key.spec.isRSA }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let caller = asking(call.caller)
        let version = try use.version(of: key, for: .asymmetricEncrypt, in: call.kms, as: caller)
        let ciphertext = try call.kms.asymmetricEncrypt(under: key, version: version, use.scheme, as: caller) {
            plaintext
        }
        return EncryptedResponse(key: KeyAndVersion(key.key.id, version), ciphertext: ciphertext)
    }

    private func asking(_ caller: Caller) -> Caller {
        use.caller(caller, rsa: .asymmetricRsaEncrypt, sm2: .asymmetricSm2Encrypt)
    }
}
