import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Decrypts what was encrypted under the public half of an SM2 key: in ASN.1, or C1 C3 C2 with or without the leading 04.
struct AsymmetricSm2Decrypt: DataPlaneAction {
    typealias Response = AsymmetricPlaintext

    static let parameters: [Parameter] = [.required("KeyId", .string), .required("Ciphertext", .string)]

    /// Bytes of the longest ciphertext: room for 1,024 of plaintext in each form.
    private static let longestCiphertext = 2048

    private let id: KeyID
    private let ciphertext: Deferred<[UInt8]>

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        ciphertext = Deferred { () throws(KMSError) in
            try values.asymmetricCiphertext(most: Self.longestCiphertext)
        }
    }

    var keys: [KeyID] { [id] }

    func computesLong(with keys: [ResidentKey]) -> Bool { true }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> AsymmetricPlaintext {
        let plaintext = try call.kms.asymmetricDecrypt(with: keys[0], as: call.caller) { () throws(KMSError) in
            guard keys[0].key.spec == .sm2 else { throw KMSError(.invalidKeyUsage, "key \(id) is no SM2 key") }
            return (try ciphertext.get(), .sm2ASN1)
        }
        return AsymmetricPlaintext(id: id, plaintext: plaintext)
    }
}
