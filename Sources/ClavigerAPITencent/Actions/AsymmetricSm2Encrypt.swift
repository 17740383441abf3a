import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Encrypts up to 1,024 bytes under the public half of an SM2 key.
struct AsymmetricSm2Encrypt: DataPlaneAction {
    static let parameters: [Parameter] = [.required("KeyId", .string), .required("Plaintext", .string)]

    private static let longestPlaintext = 1024

    private let id: KeyID
    private let plaintext: Deferred<KeyMaterial>

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        plaintext = Deferred { () throws(KMSError) in
            try values.plaintext("Plaintext", most: Self.longestPlaintext)
        }
    }

    var keys: [KeyID] { [id] }

    func computesLong(with keys: [ResidentKey]) -> Bool { true }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        let ciphertext = try call.kms.asymmetricEncrypt(under: keys[0], .sm2ASN1, as: call.caller) {
            () throws(KMSError) in try plaintext.get()
        }
        return Response(id: id, ciphertext: ciphertext)
    }

    struct Response: TencentResponse {
        let id: KeyID
        let ciphertext: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.name("Ciphertext")
            ciphertext.withUnsafeBytes { json.base64($0) }
        }
    }
}
