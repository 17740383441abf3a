import ArgumentParser
import ClavigerCrypto

/// Which message is meant, with which key and algorithm, where a signature is made or verified.
struct SigningOptions: ParsableArguments {
    private static let largestMessage = 4096

    /// Bytes of the digest that each of the algorithms signs.
    private static let digestSize = 32

    @Option(help: "The key's id or alias.")
    var key: String

    @Option(help: "How the message is signed (default: SM2DSA, ECC_P256_R1 or RSA_PSS_SHA_256, as the key's usage is).")
    var algorithm: SignatureAlgorithm?

    @Flag(help: "The input is the digest of the message: 32 bytes, or 64 hexadecimal digits.")
    var digest = false

    @OptionGroup var input: InputOptions

    /// The message, or its digest.
    ///
    /// - Parameter purpose: what is done with it; for messages.
    func message(to purpose: String) throws(CommandFailure) -> KeyMaterial {
        guard digest else { return try input.read(atMost: Self.largestMessage, as: "message", to: purpose) }
        let given = try input.read(atMost: Self.largestMessage, as: "digest", to: purpose)
        if given.count == Self.digestSize { return given }
        guard let digest = MaterialEncoding.hex.decode(given), digest.count == Self.digestSize else {
            throw CommandFailure(
                "the digest has \(Self.digestSize) bytes, or \(2 * Self.digestSize) hexadecimal digits")
        }
        return digest
    }

    /// Calls SignByAsymmetricKey or VerifyByAsymmetricKey.
    ///
    /// - Parameter more: writes the members of the request besides key, algorithm and message.
    func call(
        _ action: String, _ message: KeyMaterial, by client: KMSClient, _ more: (inout JSONWriter) -> Void = { _ in }
    ) async throws(CommandFailure) -> JSONValue {
        let (id, algorithm) = try await keyAndAlgorithm(client)
        let response = try await client.call(action) { json in
            json.member("KeyId", id)
            json.member("Algorithm", algorithm.rawValue)
            json.member("MessageType", digest ? "DIGEST" : "RAW")
            json.name("Message")
            message.withUnsafeBytes { json.base64($0) }
            more(&json)
        }
        return .members(["KeyId": .text(id), "Algorithm": .text(algorithm.rawValue)]).adding(contentsOf: response)
    }

    private func keyAndAlgorithm(_ client: KMSClient) async throws(CommandFailure) -> (String, SignatureAlgorithm) {
        if let algorithm { return (try await client.keyID(key), algorithm) }
        let metadata = try await client.metadata(of: key)
        let usage = metadata["KeyUsage"]?.text ?? ""
        guard let id = metadata["KeyId"]?.text, let algorithm = KeyUsageName(rawValue: usage)?.signatureAlgorithm else {
            throw CommandFailure(
                "key \(key) is for \(usage), not for signing",
                hint: "`claviger key create ALIAS --usage ASYMMETRIC_SIGN_VERIFY_ECC` makes a key that signs")
        }
        return (id, algorithm)
    }
}
