import ClavigerCrypto

/// A token for importing material that says for itself which key it is of and until when it counts, so that it can be told why one is
/// refused whose wrapping key is long forgotten.
///
///     token     32 bytes   that of the invitation
///     key       16 bytes   a UUID
///     expiry     8 bytes   seconds since 1970, big endian
///     filler    64 bytes   random; Huawei's documents demand 200 characters of Base64 at least
///     code      32 bytes   HMAC-SHA-256 over all before it
package struct ImportToken: Sendable {
    /// Bytes of every token.
    package static let size = 152

    /// That of the invitation.
    package let token: [UInt8]
    package let key: KeyID

    /// The first moment at which it does not count any more.
    package let expiry: Timestamp
}

extension KeyService {
    private static let importTokenLabel = Array("claviger import token 1".utf8)

    /// The invitation's token in a form that tells what it is of.
    package func importToken(of invitation: ImportInvitation, into id: KeyID) throws(KMSError) -> [UInt8] {
        var bytes = invitation.token
        bytes.appendBigEndian(id.value)
        bytes.appendBigEndian(UInt64(bitPattern: invitation.expiry.seconds))
        bytes += random.bytes(64)
        bytes += try importTokenCode(bytes)
        return bytes
    }

    /// What the token says; `nil` if it was not made here or was altered.
    package func openImportToken(_ bytes: [UInt8]) throws(KMSError) -> ImportToken? {
        guard bytes.count == ImportToken.size else { return nil }
        let content = Array(bytes.prefix(ImportToken.size - 32))
        let code = try importTokenCode(content)
        let isOurs = code.withUnsafeBytes { code in
            bytes.withUnsafeBytes { constantTimeEqual(code, UnsafeRawBufferPointer(rebasing: $0.suffix(32))) }
        }
        guard isOurs else { return nil }
        return ImportToken(
            token: Array(content.prefix(32)), key: KeyID(content.bigEndian(at: 32)),
            expiry: Timestamp(seconds: Int64(bitPattern: content.bigEndian(at: 48))))
    }

    private func importTokenCode(_ content: [UInt8]) throws(KMSError) -> [UInt8] {
        do throws(CryptoError) {
            let key = try KeyMaterial(count: 32) { target throws(CryptoError) in
                try materialDigestKey.withUnsafeBytes { secret throws(CryptoError) in
                    try Self.importTokenLabel.withBytes { info throws(CryptoError) in
                        try HKDFSHA256.derive(
                            from: secret, salt: UnsafeRawBufferPointer(start: nil, count: 0), info: info, into: target)
                    }
                }
            }
            return content.withUnsafeBytes { HMACSHA256(key: key).code(for: $0).bytes }
        } catch {
            throw KMSError(.backendFailed, "the import token could not be made", cause: error)
        }
    }
}
