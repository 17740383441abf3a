import ClavigerCore
import ClavigerCrypto

/// Parameters of the use of keys.
extension AlibabaValues {
    /// Bytes of a data key.
    private static let dataKeySizes: ClosedRange<Int64> = 1...1024

    private static let signatureSchemes: [(word: String, value: SignatureScheme)] = [
        ("RSA_PSS_SHA_256", .rsaPSSSHA256), ("RSA_PKCS1_SHA_256", .rsaPKCS1SHA256), ("ECDSA_SHA_256", .ecdsaSHA256),
        ("SM2DSA", .sm2DSA),
    ]

    private static let encryptionSchemes: [(word: String, value: AsymmetricEncryptionScheme)] = [
        ("RSAES_OAEP_SHA_1", .rsaOAEPSHA1), ("RSAES_OAEP_SHA_256", .rsaOAEPSHA256), ("SM2PKE", .sm2Raw),
    ]

    /// One of several words, which a call must have.
    func requiredChoice<Value>(
        _ name: StaticString, _ choices: [(word: String, value: Value)]
    ) throws(KMSError) -> Value {
        guard let value = try choice(name, choices) else {
            throw KMSError(.missingParameter, "the parameter \(name) is missing")
        }
        return value
    }

    func signatureScheme(_ name: StaticString = "Algorithm") throws(KMSError) -> SignatureScheme {
        try requiredChoice(name, Self.signatureSchemes)
    }

    func encryptionScheme(_ name: StaticString = "Algorithm") throws(KMSError) -> AsymmetricEncryptionScheme {
        try requiredChoice(name, Self.encryptionSchemes)
    }

    /// A ciphertext under a symmetric key.
    ///
    /// - Throws: `.invalidCiphertext` for what is none.
    func ciphertext(_ name: StaticString = "CiphertextBlob") throws(KMSError) -> Ciphertext {
        let text = try requiredBytes(name)
        do throws(CryptoError) { return try Ciphertext(try Base64.decode(text)) } catch { throw .invalidCiphertext }
    }

    /// A ciphertext under the public key of an asymmetric key.
    func asymmetricCiphertext(_ name: StaticString = "CiphertextBlob") throws(KMSError) -> [UInt8] {
        // Room for the longest plaintext of ``AsymmetricEncrypt`` in each of SM2's notations, and more.
        try base64(name, 1...8192)
    }

    /// The bytes of the data key that is wanted: by `NumberOfBytes`, which wins, or by `KeySpec`; 32 if neither is there.
    func newDataKeySize() throws(KMSError) -> Int {
        let count = try number("NumberOfBytes", in: Self.dataKeySizes).map(Int.init)
        let spec = try choice("KeySpec", [("AES_256", 32), ("AES_128", 16)])
        return count ?? spec ?? 32
    }
}
