import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Decrypts a data key that ``CreateDatakey``, ``CreateDatakeyWithoutPlaintext`` or ``EncryptDatakey`` encrypted, or another dialect's
/// GenerateDataKey (contract, section 7.12).
struct DecryptDatakey: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/decrypt-datakey")
    static let required: [StaticString] = ["key_id", "cipher_text", "datakey_cipher_length"]

    private let bytes: [UInt8]

    /// Bytes of the data key.
    private let size: Int
    private let context: EncryptionContext

    init(_ values: HuaweiValues) throws(KMSError) {
        bytes = try values.hexadecimal("cipher_text", else: .invalidCiphertext)
        // In spite of its name.
        let size = try values.number("datakey_cipher_length", in: HuaweiValues.dataKeySizes, else: .invalidCipherLength)
        guard let size else { throw KMSError(HuaweiCode.missingParameter) }
        self.size = size
        context = try values.context()
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        let dataKey = try call.kms.decrypt(
            try ciphertext(of: key, in: call), with: key, context: context, as: call.caller)
        guard dataKey.count == size else {
            throw KMSError(.invalidCipherLength, "the data key has \(dataKey.count) bytes, not \(size)")
        }
        return Response(dataKey: dataKey)
    }

    /// The ciphertext, if it is a data key's under the key that the call names: what is wrong with the key is reported first.
    ///
    /// - Throws: KMS.2201.
    private func ciphertext(of key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Ciphertext {
        // What is no data key passes for none, even with the right key.
        if let ciphertext = try? Ciphertext(bytes), ciphertext.purpose == .dataKey,
            ciphertext.keyID == key.key.id.value
        {
            return ciphertext
        }
        try call.kms.admit(.decrypt, on: key, as: call.caller, context: context)
        throw .invalidCiphertext
    }

    struct Response: HuaweiResponse {
        let dataKey: KeyMaterial

        func encode(to json: inout JSONWriter) {
            dataKey.withUnsafeBytes { bytes in
                json.name("data_key")
                json.hexadecimal(bytes)
                json.member("datakey_length", String(bytes.count))
                SHA256Hasher.hash(bytes).withUnsafeBytes { digest in
                    // The one name is the reference's, the other the SDK's.
                    json.name("datakey_digest")
                    json.hexadecimal(digest)
                    json.name("datakey_dgst")
                    json.hexadecimal(digest)
                }
            }
        }
    }
}
