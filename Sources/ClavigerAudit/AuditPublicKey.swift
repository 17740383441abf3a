package import ClavigerCore
import ClavigerCrypto
import Crypto

/// The Ed25519 key (RFC 8032) that checkpoints are verified with; no secret.
package struct AuditPublicKey: Hashable, Sendable {
    /// `SubjectPublicKeyInfo` of an Ed25519 key up to the key itself (RFC 8410 section 4).
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    private static let header = "-----BEGIN PUBLIC KEY-----"
    private static let footer = "-----END PUBLIC KEY-----"

    /// The 32 bytes of the key.
    package let rawRepresentation: [UInt8]

    /// What checkpoints name the key by: the first 8 bytes of the SHA-256 of the 32 bytes.
    package let id: [UInt8]

    package init(rawRepresentation: [UInt8]) throws(KMSError) {
        guard rawRepresentation.count == 32 else {
            throw KMSError(.invalidParameterValue, "an Ed25519 public key has 32 bytes, not \(rawRepresentation.count)")
        }
        self.rawRepresentation = rawRepresentation
        id = Array(SHA256.hash(data: rawRepresentation).prefix(8))
    }

    /// A key in PEM, as `openssl pkey -pubin` writes it.
    package init(pem: String) throws(KMSError) {
        let lines = pem.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        let squeezed = { (text: String) in text.filter { !$0.isWhitespace } }
        guard lines.count >= 3, lines.first == squeezed(Self.header), lines.last == squeezed(Self.footer),
            let der = try? Base64.decode(Array(lines.dropFirst().dropLast().joined().utf8)),
            der.count == Self.prefix.count + 32, der.starts(with: Self.prefix)
        else { throw KMSError(.invalidParameterValue, "this is no Ed25519 public key in PEM") }
        try self.init(rawRepresentation: Array(der.dropFirst(Self.prefix.count)))
    }

    /// This key in PEM, with a newline at the end.
    package var pem: String { "\(Self.header)\n\(Base64.string(Self.prefix + rawRepresentation))\n\(Self.footer)\n" }

    func isValidSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: rawRepresentation) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
