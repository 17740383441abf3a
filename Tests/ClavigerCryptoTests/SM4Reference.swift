import COpenSSL

@testable import ClavigerCrypto

/// SM4-GCM written out from NIST SP 800-38D over OpenSSL's SM4, as something else to compare with.
///
/// It shares neither the block cipher nor the mode with the implementation.
struct SM4Reference {
    let key: [UInt8]

    /// Single blocks, one after the other, each encrypted by itself.
    func encrypt(_ blocks: [UInt8]) -> [UInt8] {
        precondition(key.count == 16 && blocks.count % 16 == 0)
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var result = [UInt8](repeating: 0, count: blocks.count)
        var written: Int32 = 0
        guard
            EVP_EncryptInit_ex2(context, EVP_sm4_ecb(), key, nil, nil) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_EncryptUpdate(context, &result, &written, blocks, Int32(blocks.count)) == 1
        else { preconditionFailure("OpenSSL has no SM4") }
        return result
    }

    func seal(_ plaintext: [UInt8], iv: [UInt8], authenticating header: [UInt8]) -> (ciphertext: [UInt8], tag: [UInt8])
    {
        precondition(iv.count == 12)
        // Section 7.1: block 1 masks the tag, the data starts with block 2.
        let blocks = (plaintext.count + 15) / 16
        let counters = (0...blocks).flatMap { iv + Self.bytes(UInt32($0 + 1)) }
        let stream = encrypt(counters)
        let ciphertext = zip(plaintext, stream[16...]).map { $0 ^ $1 }
        let subkey: UInt128 = encrypt([UInt8](repeating: 0, count: 16)).bigEndian(at: 0)
        let lengths = Self.bytes(UInt64(header.count * 8)) + Self.bytes(UInt64(ciphertext.count * 8))
        let input = Self.padded(header) + Self.padded(ciphertext) + lengths
        var hash: UInt128 = 0
        for start in stride(from: 0, to: input.count, by: 16) {
            hash = Self.times(hash ^ input.bigEndian(at: start), subkey)
        }
        return (ciphertext, Self.bytes(hash ^ stream.bigEndian(at: 0)))
    }

    /// The product in GF(2^128), section 6.3.
    private static func times(_ left: UInt128, _ right: UInt128) -> UInt128 {
        var (product, multiple): (UInt128, UInt128) = (0, right)
        for bit in (0..<128).reversed() {
            if left >> bit & 1 == 1 { product ^= multiple }
            multiple = multiple & 1 == 1 ? multiple >> 1 ^ 0xE1 << 120 : multiple >> 1
        }
        return product
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
    }
}
