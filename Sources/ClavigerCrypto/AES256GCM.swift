import COpenSSL

/// AES-256-GCM with 96-bit IVs and 128-bit tags (NIST SP 800-38D), in place of caller-supplied memory: nothing is allocated
/// for the data.
package enum AES256GCM {
    package static let keySize = 32
    package static let ivSize = 12
    package static let tagSize = 16

    // Fetched once: looking the algorithm up by name costs more than encrypting a short message.
    private nonisolated(unsafe) static let cipher = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

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
        precondition(key.count == keySize && iv.count == ivSize && tag.count == tagSize)
        precondition(ciphertext.count >= plaintext.count)
        let cipherContext = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(cipherContext) }
        var written: Int32 = 0
        guard
            EVP_EncryptInit_ex2(cipherContext, cipher, key.bytes, iv.bytes, nil) == 1,
            header.isEmpty || EVP_EncryptUpdate(cipherContext, nil, &written, header.bytes, Int32(header.count)) == 1,
            context.isEmpty
                || EVP_EncryptUpdate(cipherContext, nil, &written, context.bytes, Int32(context.count)) == 1,
            plaintext.isEmpty
                || EVP_EncryptUpdate(
                    cipherContext, ciphertext.bytes, &written, plaintext.bytes, Int32(plaintext.count)) == 1,
            EVP_EncryptFinal_ex(cipherContext, nil, &written) == 1,
            EVP_CIPHER_CTX_ctrl(cipherContext, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), tag.baseAddress) == 1
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
        precondition(key.count == keySize && iv.count == ivSize && tag.count == tagSize)
        precondition(plaintext.count >= ciphertext.count)
        let cipherContext = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(cipherContext) }
        var written: Int32 = 0
        guard
            EVP_DecryptInit_ex2(cipherContext, cipher, key.bytes, iv.bytes, nil) == 1,
            header.isEmpty || EVP_DecryptUpdate(cipherContext, nil, &written, header.bytes, Int32(header.count)) == 1,
            context.isEmpty
                || EVP_DecryptUpdate(cipherContext, nil, &written, context.bytes, Int32(context.count)) == 1,
            ciphertext.isEmpty
                || EVP_DecryptUpdate(
                    cipherContext, plaintext.bytes, &written, ciphertext.bytes, Int32(ciphertext.count)) == 1,
            EVP_CIPHER_CTX_ctrl(
                cipherContext, EVP_CTRL_AEAD_SET_TAG, Int32(tagSize), UnsafeMutableRawPointer(mutating: tag.baseAddress)
            ) == 1
        else { throw .failed }
        var rest: UInt8 = 0
        guard EVP_DecryptFinal_ex(cipherContext, &rest, &written) == 1 else {
            LockedMemory.wipe(plaintext)
            throw .notAuthentic
        }
    }
}

/// Why a primitive gave no result.
package enum CryptoError: Error, Hashable {
    /// The data, its associated data or the key is not what was encrypted.
    case notAuthentic
    /// The input cannot be what it should be: wrong size, wrong encoding.
    case malformed
    /// The library refused for a reason of its own.
    case failed
}

extension UnsafeRawBufferPointer {
    var bytes: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}

extension UnsafeMutableRawBufferPointer {
    var bytes: UnsafeMutablePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
