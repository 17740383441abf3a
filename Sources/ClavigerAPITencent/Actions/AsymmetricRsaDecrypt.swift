import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Decrypts what was encrypted under the public half of an RSA key.
struct AsymmetricRsaDecrypt: DataPlaneAction {
    typealias Response = AsymmetricPlaintext

    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("Ciphertext", .string),
        .required("Algorithm", .string),
    ]

    /// Bytes of the longest modulus.
    private static let longestCiphertext = 512

    private let id: KeyID
    private let request: Deferred<(ciphertext: [UInt8], scheme: AsymmetricEncryptionScheme)>

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        request = Deferred { () throws(KMSError) in
            let scheme = try Self.scheme(values.text("Algorithm"))
            return (try values.asymmetricCiphertext(most: Self.longestCiphertext), scheme)
        }
    }

    var keys: [KeyID] { [id] }

    func computesLong(with keys: [ResidentKey]) -> Bool { true }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> AsymmetricPlaintext {
        let plaintext = try call.kms.asymmetricDecrypt(with: keys[0], as: call.caller) { () throws(KMSError) in
            guard keys[0].key.spec.isRSA else { throw KMSError(.invalidKeyUsage, "key \(id) is no RSA key") }
            return try request.get()
        }
        return AsymmetricPlaintext(id: id, plaintext: plaintext)
    }

    private static func scheme(_ algorithm: String?) throws(KMSError) -> AsymmetricEncryptionScheme {
        switch algorithm {
        case "RSAES_PKCS1_V1_5": return .rsaPKCS1
        case "RSAES_OAEP_SHA_1": return .rsaOAEPSHA1
        case "RSAES_OAEP_SHA_256": return .rsaOAEPSHA256
        default:
            throw KMSError(
                .invalidParameter, "Algorithm is RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1 or RSAES_OAEP_SHA_256")
        }
    }
}
