/// The message format that every dialect emits and accepts; described for other implementations in `docs/ciphertext-format.md`.
///
/// For each message a fresh key and a commitment to it are derived from the key version's material and a random salt. That removes the
/// limit of 2^32 messages that random IVs have under one key (NIST SP 800-38D section 8.3), and no ciphertext opens under two keys.
package struct Ciphertext: Sendable {
    /// Bytes that a ciphertext is longer than its plaintext.
    package static let overhead = 140

    static let magic: [UInt8] = Array("CLV1".utf8)
    static let headerSize = 92
    static let commitmentSize = 32

    // The same in all suites.
    private static let ivSize = 12
    private static let tagSize = 16

    /// What derives the message key and encrypts.
    package enum Suite: UInt8, CaseIterable, Sendable {
        /// AES-256-GCM with HKDF-SHA-256.
        case aes256GCM = 1
        /// SM4-GCM with HKDF-SM3.
        case sm4GCM = 2

        /// Size in bytes of a key version's material, and of the message keys that are derived from it.
        package var materialSize: Int {
            switch self {
            case .aes256GCM: AES256GCM.keySize
            case .sm4GCM: SM4GCM.keySize
            }
        }
    }

    /// What the plaintext is, so that one kind cannot be passed off as another.
    package enum Purpose: UInt8, CaseIterable, Sendable {
        case data = 1
        case dataKey = 2
        case privateKey = 3
        /// Of a version of a secret; stays in the store.
        case secretValue = 4
    }

    /// The whole ciphertext.
    package let bytes: [UInt8]

    package let suite: Suite
    package let purpose: Purpose

    /// The customer master key, a UUID.
    package let keyID: UInt128

    /// The version whose material encrypted it, a UUID.
    package let keyVersionID: UInt128

    /// When it was made, in seconds since 1970.
    package let issuedAt: UInt64

    /// Reads the header; the rest is checked by decryption.
    ///
    /// - Throws: ``CryptoError/notAuthentic`` for anything that is no ciphertext.
    package init(_ bytes: [UInt8]) throws(CryptoError) {
        guard
            bytes.count >= Self.overhead,
            bytes.starts(with: Self.magic),
            let suite = Suite(rawValue: bytes[4]),
            let purpose = Purpose(rawValue: bytes[5]),
            bytes[6] == 0, bytes[7] == 0
        else { throw .notAuthentic }
        self.bytes = bytes
        self.suite = suite
        self.purpose = purpose
        keyID = bytes.bigEndian(at: 8)
        keyVersionID = bytes.bigEndian(at: 24)
        issuedAt = bytes.bigEndian(at: 40)
    }
}

extension Ciphertext {
    /// Encrypts `plaintext` under a key version's material.
    ///
    /// `salt` (32 bytes) and `iv` (12 bytes) must be fresh random bytes for each call.
    ///
    /// - Throws: ``CryptoError/malformed`` if the material has not the size of the suite.
    package static func seal(
        _ plaintext: UnsafeRawBufferPointer,
        under material: KeyMaterial,
        suite: Suite,
        purpose: Purpose,
        keyID: UInt128,
        keyVersionID: UInt128,
        context: EncryptionContext,
        issuedAt: UInt64,
        salt: UnsafeRawBufferPointer,
        iv: UnsafeRawBufferPointer
    ) throws(CryptoError) -> [UInt8] {
        precondition(salt.count == 32 && iv.count == ivSize)
        guard material.count == suite.materialSize else { throw .malformed }
        var failure: CryptoError?
        let bytes = [UInt8](unsafeUninitializedCapacity: plaintext.count + overhead) { buffer, initialized in
            let out = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(plaintext.count + overhead)])
            out.copyBytes(from: magic)
            out[4] = suite.rawValue
            out[5] = purpose.rawValue
            out[6] = 0
            out[7] = 0
            out.storeBytes(of: keyID.bigEndian, toByteOffset: 8, as: UInt128.self)
            out.storeBytes(of: keyVersionID.bigEndian, toByteOffset: 24, as: UInt128.self)
            out.storeBytes(of: issuedAt.bigEndian, toByteOffset: 40, as: UInt64.self)
            UnsafeMutableRawBufferPointer(rebasing: out[48..<80]).copyMemory(from: salt)
            UnsafeMutableRawBufferPointer(rebasing: out[80..<92]).copyMemory(from: iv)
            let header = UnsafeRawBufferPointer(rebasing: out[..<headerSize])
            let body = headerSize + plaintext.count
            do throws(CryptoError) {
                try withMessageKey(suite, header, material) { key, commitment throws(CryptoError) in
                    let sealed = UnsafeMutableRawBufferPointer(rebasing: out[headerSize..<body])
                    let tag = UnsafeMutableRawBufferPointer(rebasing: out[(body + commitmentSize)...])
                    try context.encoded.withBytes { context throws(CryptoError) in
                        switch suite {
                        case .aes256GCM:
                            try AES256GCM.seal(
                                plaintext, key: key, iv: iv, authenticating: header, context, into: sealed, tag: tag)
                        case .sm4GCM:
                            SM4GCM.seal(
                                plaintext, key: key, iv: iv, authenticating: header, context, into: sealed, tag: tag)
                        }
                    }
                    UnsafeMutableRawBufferPointer(rebasing: out[body..<body + commitmentSize]).copyMemory(
                        from: commitment)
                }
                initialized = plaintext.count + overhead
            } catch {
                failure = error
                initialized = 0
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Decrypts with the material of the version that the header names.
    ///
    /// - Throws: ``CryptoError/notAuthentic``, whatever was wrong.
    package func open(with material: KeyMaterial, context: EncryptionContext) throws(CryptoError) -> KeyMaterial {
        guard material.count == suite.materialSize else { throw .notAuthentic }
        return try bytes.withBytes { bytes throws(CryptoError) in
            let header = UnsafeRawBufferPointer(rebasing: bytes[..<Self.headerSize])
            let iv = UnsafeRawBufferPointer(rebasing: header[80..<92])
            let body = bytes.count - Self.commitmentSize - Self.tagSize
            let sealed = UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize..<body])
            let stored = UnsafeRawBufferPointer(rebasing: bytes[body..<body + Self.commitmentSize])
            let tag = UnsafeRawBufferPointer(rebasing: bytes[(body + Self.commitmentSize)...])
            return try Self.withMessageKey(suite, header, material) { key, commitment throws(CryptoError) in
                guard constantTimeEqual(commitment, stored) else { throw .notAuthentic }
                return try context.encoded.withBytes { context throws(CryptoError) in
                    try KeyMaterial(count: sealed.count) { plaintext throws(CryptoError) in
                        switch suite {
                        case .aes256GCM:
                            try AES256GCM.open(
                                sealed, key: key, iv: iv, authenticating: header, context, tag: tag, into: plaintext)
                        case .sm4GCM:
                            try SM4GCM.open(
                                sealed, key: key, iv: iv, authenticating: header, context, tag: tag, into: plaintext)
                        }
                    }
                }
            }
        }
    }

    /// Derives the message key and the commitment from the material, the salt, and what the header says of suite, purpose, key and version.
    private static func withMessageKey<Result>(
        _ suite: Suite,
        _ header: UnsafeRawBufferPointer,
        _ material: KeyMaterial,
        _ body: (_ key: UnsafeRawBufferPointer, _ commitment: UnsafeRawBufferPointer) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        let keySize = suite.materialSize
        return try withTemporarySecret(keySize + commitmentSize) { derived throws(CryptoError) in
            try withTemporarySecret(34) { infoBytes throws(CryptoError) in
                infoBytes[0] = header[4]
                infoBytes[1] = header[5]
                UnsafeMutableRawBufferPointer(rebasing: infoBytes[2...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: header[8..<40]))
                let salt = UnsafeRawBufferPointer(rebasing: header[48..<80])
                let info = UnsafeRawBufferPointer(infoBytes)
                try material.withUnsafeBytes { material throws(CryptoError) in
                    switch suite {
                    case .aes256GCM: try HKDFSHA256.derive(from: material, salt: salt, info: info, into: derived)
                    case .sm4GCM: try HKDFSM3.derive(from: material, salt: salt, info: info, into: derived)
                    }
                }
            }
            return try body(
                UnsafeRawBufferPointer(rebasing: derived[..<keySize]),
                UnsafeRawBufferPointer(rebasing: derived[keySize...]))
        }
    }
}

/// Gives `body` zeroed stack memory for a secret and wipes it afterwards.
package func withTemporarySecret<Result, Failure: Error>(
    _ count: Int,
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) {
        bytes in
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        defer { LockedMemory.wipe(bytes) }
        do throws(Failure) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try outcome.get()
}

extension [UInt8] {
    /// Typed throws for `withUnsafeBytes`.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = withUnsafeBytes { bytes in
            do throws(Failure) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// The integer that starts at `offset`, most significant byte first; the caller has checked the size.
    package func bigEndian<Value: FixedWidthInteger>(at offset: Int) -> Value {
        withUnsafeBytes { Value(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }
}
