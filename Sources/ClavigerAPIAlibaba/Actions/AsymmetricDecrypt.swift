import ClavigerCore
import ClavigerCrypto

/// Decrypts what was encrypted under the public key of an asymmetric key; with SM2 in DER, or as 04, x, y, C3, C2.
struct AsymmetricDecrypt: ResidentKeyAction {
    typealias Response = DecryptedResponse

    static let required: [StaticString] = ["KeyId", "KeyVersionId", "Algorithm", "CiphertextBlob"]

    let key: AlibabaKeyName
    private let use: AsymmetricUse<AsymmetricEncryptionScheme>
    private let ciphertext: [UInt8]

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        use = try AsymmetricUse(values)
        ciphertext = try values.asymmetricCiphertext()
    }

    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller { asking(caller) }

    func computesLong(with key: ResidentKey) -> Bool { true }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let caller = asking(call.caller)
        let version = try use.version(of: key, for: .asymmetricDecrypt, in: call.kms, as: caller)
        let plaintext = try call.kms.asymmetricDecrypt(with: key, version: version, as: caller) {
            (ciphertext, use.scheme)
        }
        return DecryptedResponse(key: KeyAndVersion(key.key.id, version), plaintext: plaintext)
    }

    private func asking(_ caller: Caller) -> Caller {
        use.caller(caller, rsa: .asymmetricRsaDecrypt, sm2: .asymmetricSm2Decrypt)
    }
}
