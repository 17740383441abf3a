import ClavigerCore
import ClavigerCrypto

/// The public key that a data key is exported to, as a call gives it.
struct ExportTarget: Sendable {
    static let required: [StaticString] = ["PublicKeyBlob", "WrappingKeySpec", "WrappingAlgorithm"]

    private static let kinds: [(word: String, value: AsymmetricAlgorithm)] = [("RSA_2048", .rsa2048), ("EC_SM2", .sm2)]

    /// Bytes of a `SubjectPublicKeyInfo`; one of RSA-2048 has about 294.
    private static let sizes = 1...1024

    private let spki: [UInt8]
    private let algorithm: AsymmetricAlgorithm
    private let scheme: AsymmetricEncryptionScheme

    init(_ values: AlibabaValues) throws(KMSError) {
        spki = try values.base64("PublicKeyBlob", Self.sizes)
        algorithm = try values.requiredChoice("WrappingKeySpec", Self.kinds)
        scheme = try values.encryptionScheme("WrappingAlgorithm")
        guard algorithm.encryptionSchemes.contains(scheme) else {
            throw KMSError(.invalidParameter, "the WrappingAlgorithm is not one of keys of this WrappingKeySpec")
        }
    }

    /// Reads the key. With RSA that looks for factors of the modulus, which takes milliseconds.
    ///
    /// - Throws: `.invalidParameter` for what is no key of the kind.
    func recipient() throws(KMSError) -> DataKeyRecipient {
        guard let key = try? PublicKey(spki: spki), key.algorithm == algorithm else {
            throw KMSError(
                .invalidParameter, "PublicKeyBlob is the DER of a public key of the WrappingKeySpec, in Base64")
        }
        return DataKeyRecipient(publicKey: key, scheme: scheme)
    }
}
