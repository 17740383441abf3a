import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes an SM2 key pair for the caller; the private key comes in the clear or encrypted for the caller, and encrypted under a customer
/// master key.
struct GenerateAsymmetricKeyValuePair: DataPlaneAction {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("KeySpec", .string),
        .optional("EncryptionPublicKey", .string),
        .optional("EncryptionAlgorithm", .string),
    ]

    /// Bytes of the longest public key in PEM.
    private static let longestPEM = 4096

    private let id: KeyID
    private let recipient: Deferred<Recipient?>
    private let isEncrypted: Bool

    /// To whom the private key goes; the key is parsed later, for that takes a while.
    private struct Recipient {
        let pem: ArraySlice<UInt8>
        let scheme: AsymmetricEncryptionScheme
    }

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        recipient = Deferred { () throws(KMSError) in
            guard values.text("KeySpec") == "SM2" else { throw KMSError(.invalidParameter, "KeySpec is SM2") }
            return try Self.recipient(values)
        }
        isEncrypted = values.bytes("EncryptionPublicKey")?.isEmpty == false
    }

    var keys: [KeyID] { [id] }

    func computesLong(with keys: [ResidentKey]) -> Bool { true }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        let pair = try call.kms.generateKeyPair(under: keys[0], as: call.caller) { () throws(KMSError) in
            guard let recipient = try recipient.get() else { return nil }
            return (try Self.publicKey(recipient), recipient.scheme)
        }
        return Response(id: id, pair: pair, isEncrypted: isEncrypted)
    }

    private static func recipient(_ values: ParameterValues) throws(KMSError) -> Recipient? {
        // As the vendor's document has it: with an empty key nothing is encrypted, with an empty algorithm it is SM2.
        guard let pem = values.bytes("EncryptionPublicKey"), !pem.isEmpty else { return nil }
        guard pem.count <= longestPEM else {
            throw KMSError(.invalidParameter, "EncryptionPublicKey has at most \(longestPEM) bytes")
        }
        // A copy, which does not keep the whole request in memory.
        return Recipient(pem: Array(pem)[...], scheme: try scheme(values.text("EncryptionAlgorithm")))
    }

    private static func publicKey(_ recipient: Recipient) throws(KMSError) -> PublicKey {
        let key: PublicKey
        do throws(CryptoError) {
            key = try PublicKey(pem: recipient.pem)
        } catch {
            throw KMSError(.invalidParameter, "EncryptionPublicKey is a public key in PEM, RSA 2048 or SM2")
        }
        guard [.rsa2048, .sm2].contains(key.algorithm), key.algorithm.encryptionSchemes.contains(recipient.scheme)
        else {
            throw KMSError(
                .invalidParameter, "EncryptionPublicKey is RSA 2048 or SM2, and EncryptionAlgorithm is one of it")
        }
        return key
    }

    private static func scheme(_ algorithm: String?) throws(KMSError) -> AsymmetricEncryptionScheme {
        switch algorithm {
        case nil, "", "SM2": return .sm2Raw
        // The document prints this with a blank, the sheet with an underscore.
        case "SM2_C1C3C2_ASN1", "SM2_C1C3C2 ASN1": return .sm2ASN1
        case "RSAES_PKCS1_V1_5": return .rsaPKCS1
        case "RSAES_OAEP_SHA_1": return .rsaOAEPSHA1
        case "RSAES_OAEP_SHA_256": return .rsaOAEPSHA256
        default:
            throw KMSError(
                .invalidParameter,
                "EncryptionAlgorithm is SM2, SM2_C1C3C2_ASN1, RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1 or RSAES_OAEP_SHA_256")
        }
    }

    struct Response: TencentResponse {
        let id: KeyID
        let pair: GeneratedKeyPair
        let isEncrypted: Bool

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.name("PrivateKeyPlaintext")
            pair.privateKey.withUnsafeBytes { bytes in
                // PEM has line breaks and nothing else that JSON writes in another way.
                if isEncrypted { json.base64(bytes) } else { json.string(bytes) }
            }
            json.name("PublicKeyPlaintext")
            json.string(pair.publicKey.pem[...])
            json.name("PrivateKeyCiphertextBlob")
            pair.ciphertext.withUnsafeBytes { json.base64($0) }
        }
    }
}
