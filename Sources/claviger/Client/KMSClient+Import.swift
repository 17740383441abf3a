import ClavigerCrypto

extension KMSClient {
    /// A new wrapping key and token for importing material into a key; earlier ones become invalid.
    ///
    /// - Returns: the answer of GetParametersForImport.
    func importParameters(for id: String, _ algorithm: RSAEncryptionAlgorithm) async throws(CommandFailure) -> JSONValue
    {
        try await call("GetParametersForImport") { json in
            json.member("KeyId", id)
            json.member("WrappingAlgorithm", algorithm.rawValue)
            json.member("WrappingKeySpec", "RSA_2048")
        }
    }

    /// Wraps material for a key and imports it.
    ///
    /// - Parameter expiry: when the material becomes unusable, in seconds since 1970; `nil` for never.
    func importMaterial(
        _ material: KeyMaterial, into key: String, _ algorithm: RSAEncryptionAlgorithm, expiry: Int64?
    ) async throws(CommandFailure) -> (id: String, json: JSONValue) {
        let metadata = try await metadata(of: key)
        guard let id = metadata["KeyId"]?.text else { throw CommandFailure("the server's answer holds no key") }
        try Self.check(material, for: metadata, named: key)
        let parameters = try await importParameters(for: id, algorithm)
        let wrapped: [UInt8]
        let publicKey = try PublicKey(of: parameters)
        do throws(CryptoError) {
            wrapped = try publicKey.encrypt(material, algorithm.scheme)
        } catch {
            throw CommandFailure("the material cannot be wrapped with the server's public key")
        }
        return try await importMaterial(
            wrapped: Base64.string(wrapped), token: parameters["ImportToken"]?.text ?? "", into: id, expiry: expiry)
    }

    /// Imports material that is wrapped already.
    ///
    /// - Parameters:
    ///   - wrapped: in base64.
    ///   - token: in base64.
    ///   - expiry: when the material becomes unusable, in seconds since 1970; `nil` for never.
    func importMaterial(
        wrapped: String, token: String, into key: String, expiry: Int64?
    ) async throws(CommandFailure) -> (id: String, json: JSONValue) {
        let facts: KeyValuePairs<String, JSONValue?> = [
            "KeyState": .text("Enabled"), "ValidTo": .integer(expiry ?? 0),
        ]
        return try await change(key, by: "ImportKeyMaterial", facts: facts) { json in
            json.member("EncryptedKeyMaterial", wrapped)
            json.member("ImportToken", token)
            if let expiry { json.member("ValidTo", expiry) }
        }
    }

    /// Refuses material of a size that the key cannot have, before anything is made for it. A key that takes no
    /// material at all is left for the server to refuse.
    private static func check(_ material: KeyMaterial, for metadata: JSONValue, named name: String)
        throws(CommandFailure)
    {
        guard metadata["Origin"]?.text == "EXTERNAL" else { return }
        let size: Int
        switch metadata["Type"]?.integer {
        case 2: size = 32
        case 4: size = 16
        default: return
        }
        guard material.count == size else {
            throw CommandFailure(
                "the material has \(material.count) bytes; that of \(name) has \(size)",
                hint: "--hex or --base64 reads material that is written as text")
        }
    }
}
