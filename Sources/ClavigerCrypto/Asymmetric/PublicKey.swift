import Crypto

/// The public half of an asymmetric key. It serves several threads at once.
package final class PublicKey: Sendable {
    private enum Implementation {
        case p256(P256.Signing.PublicKey)
        case openSSL(OpenSSLKey)
    }

    package static let pemLabel = "PUBLIC KEY"

    package let algorithm: AsymmetricAlgorithm

    /// `SubjectPublicKeyInfo`, DER (RFC 5280 section 4.1.2.7).
    package let spki: [UInt8]

    private let implementation: Implementation

    /// Parses a key from outside.
    ///
    /// - Throws: ``CryptoError/malformed`` unless `spki` is exactly the canonical DER of a key of a known algorithm: an uncompressed
    ///   point of a named curve, or an RSA modulus of 2048, 3072 or 4096 bits with an odd exponent from 3 up to 64 bits.
    package convenience init(spki: [UInt8]) throws(CryptoError) {
        let (algorithm, content) = try spki.withBytes { bytes throws(CryptoError) in try Self.parse(bytes) }
        // A reader that accepts one form alone and a writer that knows one form alone guard each other.
        guard Self.encode(algorithm, content) == spki else { throw .malformed }
        let implementation: Implementation
        switch algorithm {
        case .p256: implementation = .p256(try Self.p256(content))
        case .p384, .secp256k1, .sm2:
            guard try EllipticCurve.of(algorithm).contains(content) else { throw .malformed }
            implementation = .openSSL(try OpenSSLKey(algorithm, point: content))
        case .rsa2048, .rsa3072, .rsa4096:
            implementation = .openSSL(
                try content.withBytes { bytes throws(CryptoError) in
                    let (modulus, exponent) = try Self.rsaNumbers(bytes)
                    return try OpenSSLKey(modulus: modulus, exponent: exponent)
                })
        }
        if case .openSSL(let key) = implementation, !key.publicKeyIsValid() { throw .malformed }
        self.init(algorithm, content, implementation)
    }

    /// Parses the textual form: one block `PUBLIC KEY`, with nothing but white space around it.
    ///
    /// - Throws: ``CryptoError/malformed`` as for ``init(spki:)``.
    package convenience init(pem: some Collection<UInt8>) throws(CryptoError) {
        try self.init(spki: try PEM.decode(pem, label: Self.pemLabel))
    }

    /// The public half of `key`, a pair on `algorithm`, whose point or whose numbers as `RSAPublicKey` are `content`.
    convenience init(_ algorithm: AsymmetricAlgorithm, content: [UInt8], of key: OpenSSLKey) {
        self.init(algorithm, content, .openSSL(key))
    }

    convenience init(_ key: P256.Signing.PublicKey) {
        self.init(.p256, Array(key.x963Representation), .p256(key))
    }

    private init(_ algorithm: AsymmetricAlgorithm, _ content: [UInt8], _ implementation: Implementation) {
        self.algorithm = algorithm
        self.implementation = implementation
        spki = Self.encode(algorithm, content)
    }

    /// `spki` as text: `-----BEGIN PUBLIC KEY-----`, lines of 64 columns, a newline at the end.
    package var pem: [UInt8] { PEM.encode(spki, label: Self.pemLabel) }
}

// MARK: Parsing

extension PublicKey {
    private static func encode(_ algorithm: AsymmetricAlgorithm, _ content: [UInt8]) -> [UInt8] {
        DER.sequence(algorithm.identifier, DER.element(.bitString, [0] + content))
    }

    private static func parse(_ spki: UnsafeRawBufferPointer) throws(CryptoError) -> (AsymmetricAlgorithm, [UInt8]) {
        var whole = DERReader(spki)
        var info = try whole.enter(.sequence)
        try whole.expectEnd()
        let identifier = try info.readWhole()
        let bits = try info.read(.bitString)
        try info.expectEnd()
        guard bits.first == 0 else { throw .malformed }
        let content = UnsafeRawBufferPointer(rebasing: bits[1...])
        let algorithm = try AsymmetricAlgorithm.named(identifier) { () throws(CryptoError) in
            RSAPublicNumbers.bits(try rsaNumbers(content).modulus)
        }
        guard algorithm.isRSA || content.count == 1 + 2 * algorithm.size && content[0] == 4 else { throw .malformed }
        return (algorithm, Array(content))
    }

    private static func rsaNumbers(_ content: UnsafeRawBufferPointer)
        throws(CryptoError) -> (modulus: UnsafeRawBufferPointer, exponent: UnsafeRawBufferPointer)
    {
        var whole = DERReader(content)
        var key = try whole.enter(.sequence)
        try whole.expectEnd()
        let modulus = try key.readUnsigned()
        let exponent = try key.readUnsigned()
        try key.expectEnd()
        try RSAPublicNumbers.check(modulus: modulus, exponent: exponent)
        return (modulus, exponent)
    }

    private static func p256(_ point: [UInt8]) throws(CryptoError) -> P256.Signing.PublicKey {
        do { return try P256.Signing.PublicKey(x963Representation: point) } catch { throw .malformed }
    }

    /// The point as 04, x, y, or `RSAPublicKey`: what the BIT STRING of `spki` holds.
    var content: [UInt8] {
        let header = algorithm.isRSA ? Self.rsaHeaderSize : spki.count - 1 - 2 * algorithm.size
        return Array(spki[header...])
    }

    /// SEQUENCE and BIT STRING with lengths of two octets, the identifier, and the number of unused bits.
    private static let rsaHeaderSize = 4 + 15 + 5

    /// The modulus of an RSA key, which is the first number of `RSAPublicKey`, after SEQUENCE, INTEGER and a zero.
    var modulus: ArraySlice<UInt8> { spki[(Self.rsaHeaderSize + 4 + 5)...].prefix(algorithm.size) }
}

// MARK: Operations

extension PublicKey {
    /// Whether `signature` is one of `digest` by this key. `false` too for a scheme of another algorithm, a digest of a wrong size, and
    /// any encoding but the strict one.
    package func verify(
        _ signature: [UInt8], digest: [UInt8], _ scheme: SignatureScheme, encoding: SignatureEncoding = .der
    ) -> Bool {
        guard algorithm.signatureSchemes.contains(scheme), digest.count == scheme.digestSize else { return false }
        if algorithm.isRSA {
            guard case .openSSL(let key) = implementation, signature.count == algorithm.size else { return false }
            return key.verifies(signature, digest, scheme)
        }
        guard let numbers = SignatureNumbers(signature, encoding, size: algorithm.size) else { return false }
        switch implementation {
        case .openSSL(let key):
            return key.verifies(numbers.der, digest, scheme)
        case .p256(let key):
            guard let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: numbers.raw) else { return false }
            return key.isValidSignature(parsed, for: PrecomputedDigest(digest))
        }
    }

    /// Encrypts a short text.
    ///
    /// - Throws: ``CryptoError/malformed`` if `plaintext` is empty or longer than the padding leaves room for, or the scheme belongs to
    ///   another algorithm.
    package func encrypt(_ plaintext: KeyMaterial, _ scheme: AsymmetricEncryptionScheme)
        throws(CryptoError) -> [UInt8]
    {
        guard algorithm.encryptionSchemes.contains(scheme), plaintext.count > 0,
            case .openSSL(let key) = implementation
        else { throw .malformed }
        if let paddingSize = scheme.paddingSize {
            guard plaintext.count <= algorithm.size - paddingSize else { throw .malformed }
            return try plaintext.withUnsafeBytes { bytes throws(CryptoError) in try key.encrypt(bytes, scheme) }
        }
        let ciphertext = try plaintext.withUnsafeBytes { bytes throws(CryptoError) in
            try encryptWithSM2(bytes, scheme, key)
        }
        switch scheme {
        case .rsaPKCS1, .rsaOAEPSHA1, .rsaOAEPSHA256, .sm2ASN1: return ciphertext.der
        case .sm2Raw: return ciphertext.octets
        }
    }

    private func encryptWithSM2(
        _ plaintext: UnsafeRawBufferPointer, _ scheme: AsymmetricEncryptionScheme, _ key: OpenSSLKey
    ) throws(CryptoError) -> SM2Ciphertext {
        let curve = try EllipticCurve.of(algorithm)
        while true {
            let ciphertext = try SM2Ciphertext(try key.encrypt(plaintext, scheme), on: curve)
            // GB/T 32918.4 section 6.1, step A5: if all that the key derivation gave is zero, take another random number. Not every
            // OpenSSL does, and C2 is the plaintext then; for one byte that happens once in 256.
            if !ciphertext.payloadEquals(plaintext) { return ciphertext }
        }
    }
}

// MARK: Digests

extension PublicKey {
    /// The user whom SM2 signatures name where nobody agreed on another (GM/T 0009 section 10).
    package static let defaultUserID = Array("1234567812345678".utf8)

    /// What `scheme` signs for `message`: its hash, for SM2 that of Z and the message, where Z binds the user and this key.
    ///
    /// - Throws: ``CryptoError/malformed`` if the scheme belongs to another algorithm, or the user's name has more than 8191 bytes.
    package func digest(
        of message: UnsafeRawBufferPointer, for scheme: SignatureScheme, userID: [UInt8] = defaultUserID
    ) throws(CryptoError) -> [UInt8] {
        guard algorithm.signatureSchemes.contains(scheme) else { throw .malformed }
        switch scheme {
        case .rsaPSSSHA256, .rsaPKCS1SHA256, .ecdsaSHA256:
            return SHA256Hasher.hash(message).bytes
        case .rsaPSSSHA384, .rsaPKCS1SHA384, .ecdsaSHA384:
            return Array(SHA384.hash(data: message))
        case .rsaPSSSHA512, .rsaPKCS1SHA512:
            return Array(SHA512.hash(data: message))
        case .sm2DSA:
            let identity = try userID.withBytes { userID throws(CryptoError) in
                try Array(content.dropFirst()).withBytes { point throws(CryptoError) in
                    try SM2.identity(userID: userID, point: point)
                }
            }
            return identity.withUnsafeBytes { SM3.hash($0, message).bytes }
        }
    }

    package func digest(
        of message: [UInt8], for scheme: SignatureScheme, userID: [UInt8] = defaultUserID
    ) throws(CryptoError) -> [UInt8] {
        try message.withBytes { bytes throws(CryptoError) in try digest(of: bytes, for: scheme, userID: userID) }
    }
}
