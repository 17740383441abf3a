import CGcrypt

/// SM4 (GB/T 32907-2016) in GCM with 96-bit IVs and 128-bit tags (RFC 8998, section 3.1), in place of caller-supplied
/// memory: nothing is allocated for the data.
///
/// It is libgcrypt's, since OpenSSL 3.0 has SM4 but not this mode of it. What throws gives ``CryptoError/failed`` if
/// libgcrypt is in FIPS mode, where it knows no SM4.
package enum SM4GCM {
    package static let keySize = 16
    package static let ivSize = 12
    package static let tagSize = 16

    /// Encrypts `plaintext` into `ciphertext` (same size) and writes the tag of 16 bytes.
    package static func seal(
        _ plaintext: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer,
        iv: UnsafeRawBufferPointer,
        authenticating header: UnsafeRawBufferPointer,
        _ context: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        into ciphertext: UnsafeMutableRawBufferPointer,
        tag: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        precondition(tag.count == tagSize && ciphertext.count >= plaintext.count)
        let cipher = try begin(key: key, iv: iv, authenticating: header, context)
        // Closing wipes the key schedule.
        defer { gcry_cipher_close(cipher) }
        guard
            plaintext.isEmpty
                || gcry_cipher_encrypt(
                    cipher, ciphertext.baseAddress, ciphertext.count, plaintext.baseAddress, plaintext.count) == 0,
            gcry_cipher_gettag(cipher, tag.baseAddress, tagSize) == 0
        else { throw .failed }
    }

    /// Decrypts `ciphertext` into `plaintext` (same size).
    ///
    /// - Throws: ``CryptoError/notAuthentic`` if the tag does not belong to the rest; `plaintext` is then wiped.
    package static func open(
        _ ciphertext: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer,
        iv: UnsafeRawBufferPointer,
        authenticating header: UnsafeRawBufferPointer,
        _ context: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        tag: UnsafeRawBufferPointer,
        into plaintext: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        precondition(tag.count == tagSize && plaintext.count >= ciphertext.count)
        let cipher = try begin(key: key, iv: iv, authenticating: header, context)
        defer { gcry_cipher_close(cipher) }
        guard
            ciphertext.isEmpty
                || gcry_cipher_decrypt(
                    cipher, plaintext.baseAddress, plaintext.count, ciphertext.baseAddress, ciphertext.count) == 0
        else {
            LockedMemory.wipe(plaintext)
            throw .failed
        }
        // libgcrypt compares in a time that does not depend on the bytes.
        guard gcry_cipher_checktag(cipher, tag.baseAddress, tagSize) == 0 else {
            LockedMemory.wipe(plaintext)
            throw .notAuthentic
        }
    }

    /// A cipher that has the key, the IV and all associated data; the caller closes it.
    private static func begin(
        key: UnsafeRawBufferPointer,
        iv: UnsafeRawBufferPointer,
        authenticating header: UnsafeRawBufferPointer,
        _ context: UnsafeRawBufferPointer
    ) throws(CryptoError) -> gcry_cipher_hd_t {
        precondition(key.count == keySize && iv.count == ivSize)
        guard Libgcrypt.isReady else { throw .failed }
        var opened: gcry_cipher_hd_t?
        guard
            gcry_cipher_open(&opened, Int32(GCRY_CIPHER_SM4.rawValue), Int32(GCRY_CIPHER_MODE_GCM.rawValue), 0) == 0,
            let cipher = opened
        else { throw .failed }
        guard
            gcry_cipher_setkey(cipher, key.baseAddress, keySize) == 0,
            gcry_cipher_setiv(cipher, iv.baseAddress, ivSize) == 0,
            header.isEmpty || gcry_cipher_authenticate(cipher, header.baseAddress, header.count) == 0,
            context.isEmpty || gcry_cipher_authenticate(cipher, context.baseAddress, context.count) == 0
        else {
            gcry_cipher_close(cipher)
            throw .failed
        }
        return cipher
    }
}

extension SM4GCM {
    /// Whether the example of RFC 8998 (appendix A.1) holds in both directions and another ciphertext is refused, for a
    /// self-test at start.
    package static func knownAnswerHolds() -> Bool {
        guard
            let key = Hex.decode("0123456789abcdeffedcba9876543210".utf8),
            let iv = Hex.decode("00001234567800000000abcd".utf8),
            let header = Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2".utf8)
        else { return false }
        let plaintext = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa].flatMap { [UInt8](repeating: $0, count: 8) }
        let ciphertext =
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        let tag = "83de3541e4c2b58177e065a9bf7b62ec"
        return withTemporarySecret(plaintext.count + tagSize) { bytes in
            let text = UnsafeMutableRawBufferPointer(rebasing: bytes[..<plaintext.count])
            let made = UnsafeMutableRawBufferPointer(rebasing: bytes[plaintext.count...])
            text.copyBytes(from: plaintext)
            return key.withUnsafeBytes { key in
                iv.withUnsafeBytes { iv in
                    header.withUnsafeBytes { header in
                        func opens() -> Bool {
                            do throws(CryptoError) {
                                try open(
                                    UnsafeRawBufferPointer(text), key: key, iv: iv, authenticating: header,
                                    tag: UnsafeRawBufferPointer(made), into: text)
                                return true
                            } catch {
                                return false
                            }
                        }
                        do throws(CryptoError) {
                            try seal(
                                UnsafeRawBufferPointer(text), key: key, iv: iv, authenticating: header, into: text,
                                tag: made)
                        } catch {
                            return false
                        }
                        guard Hex.string(text) == ciphertext, Hex.string(made) == tag else { return false }
                        guard opens(), text.elementsEqual(plaintext) else { return false }
                        return !opens()
                    }
                }
            }
        }
    }
}

/// The set-up of libgcrypt, which it wants to be told about before it is used.
private enum Libgcrypt {
    /// Whether libgcrypt is set up and new enough: SM4 came with version 1.9.
    static let isReady: Bool = {
        // Its version check also initialises it, with the locks that make it safe for threads.
        gcry_check_version("1.9.0") != nil && claviger_gcrypt_initialize() == 0
    }()
}
