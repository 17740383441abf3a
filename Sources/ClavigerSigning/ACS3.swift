package import ClavigerCrypto

/// Alibaba's signature ACS3-HMAC-SHA256 ("V3") over headers: no region, no service and no derived key, the secret itself signs.
package enum ACS3 {
    package static let algorithm = "ACS3-HMAC-SHA256"

    /// The header with the hash of the body, which takes the body's place in what is signed.
    package static let contentHashName = "x-acs-content-sha256"

    private static let contentHash = Array(contentHashName.utf8)[...]

    /// What the names of the vendor's own headers begin with; those that are sent are signed, and so is `host`.
    static let prefix = "x-acs-"
    static let host = "host"

    /// The value of `x-acs-content-sha256` for a body: its SHA-256 in lower-case hexadecimal.
    package static func contentHash(of body: [UInt8]) -> String {
        Hex.string(body.withUnsafeBytes { SHA256Hasher.hash($0) })
    }

    /// Whether the value of `x-acs-content-sha256` is the body's hash; no value is not, not even of no body.
    package static func isHash(_ value: String?, of body: [UInt8]) -> Bool {
        guard let value else { return false }
        var hash: [UInt8] = []
        hash.reserveCapacity(2 * Digest32.size)
        body.withUnsafeBytes { SHA256Hasher.hash($0) }.appendHex(to: &hash)
        return value.withTrimmed { hash.elementsEqual($0) }
    }

    /// The text of all that is signed of the request. The path is `/`, as that of every call in RPC style.
    ///
    /// - Parameters:
    ///   - method: in capitals.
    ///   - query: the parameters of the query, decoded; those of a form in the body do not belong to it.
    ///   - signedNames: lower-case header names, joined with `;`, in the order that the client has them in.
    ///   - header: the value of a header by its lower-case name; `nil` if it is absent, and if it came more than once, for then nobody can tell which of
    ///     them was signed. The value of `x-acs-content-sha256` stands for the body; whether it is the body's hash is another question.
    /// - Returns: `nil` if a signed header or `x-acs-content-sha256` has no value.
    package static func canonicalRequest(
        method: String, query: [(name: [UInt8], value: [UInt8])], signedNames: ArraySlice<UInt8>,
        header: (ArraySlice<UInt8>) -> String?
    ) -> [UInt8]? {
        guard let hash = header(contentHash) else { return nil }
        var text: [UInt8] = []
        // A call's parameters and its ten headers or so; long ones make it grow.
        text.reserveCapacity(1024)
        text.append(contentsOf: method.utf8)
        text.append(contentsOf: "\n/\n".utf8)
        CanonicalQuery.append(query, to: &text)
        text.append(UInt8(ascii: "\n"))
        guard CanonicalHeaders.append(signedNames, to: &text, header: header) else { return nil }
        hash.withTrimmed { text.append(contentsOf: $0) }
        return text
    }

    /// The text whose HMAC is the signature.
    package static func stringToSign(canonicalRequest: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(algorithm.utf8.count + 1 + 2 * Digest32.size)
        text.append(contentsOf: algorithm.utf8)
        text.append(UInt8(ascii: "\n"))
        canonicalRequest.withUnsafeBytes { SHA256Hasher.hash($0) }.appendHex(to: &text)
        return text
    }

    /// The signature of a text.
    static func signature(of text: [UInt8], secret: KeyMaterial) -> Digest32 {
        text.withUnsafeBytes { HMACSHA256(key: secret).code(for: $0) }
    }

    /// The `Authorization` header for a request that this process sends.
    ///
    /// - Parameter headers: what is signed, by lower-case names; `host` and `x-acs-content-sha256` are among them.
    /// - Returns: `nil` if one of these two is not.
    package static func sign(
        method: String, query: [(name: [UInt8], value: [UInt8])], headers: [String: String], accessKeyID: String,
        secret: KeyMaterial
    ) -> String? {
        guard headers[host] != nil else { return nil }
        let names = headers.keys.sorted().joined(separator: ";")
        let canonical = canonicalRequest(
            method: method, query: query, signedNames: Array(names.utf8)[...]
        ) { headers[String(decoding: $0, as: UTF8.self)] }
        guard let canonical else { return nil }
        let code = signature(of: stringToSign(canonicalRequest: canonical), secret: secret)
        return "\(algorithm) Credential=\(accessKeyID),SignedHeaders=\(names),Signature=\(Hex.string(code))"
    }
}
