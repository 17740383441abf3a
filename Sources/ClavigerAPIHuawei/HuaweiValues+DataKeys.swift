import ClavigerCore
import ClavigerCrypto

/// Members that describe data keys.
extension HuaweiValues {
    /// Bytes of a data key.
    static let dataKeySizes = 1...1024

    /// Bits of a data key or of random data.
    static let bitCounts = 8...8192

    /// The bytes of the data key that is wanted: by `datakey_length` in bits, which wins, or by `key_spec`; 32 if neither is there.
    ///
    /// - Parameter code: what is wrong with a wrong length.
    /// - Throws: KMS.0308 for a wrong spec, even where it does not count.
    func newDataKeySize(else code: HuaweiCode) throws(KMSError) -> Int {
        let length = try byteCount("datakey_length", else: code)
        let spec = try choice("key_spec", [("AES_256", 32), ("AES_128", 16)])
        return length ?? spec ?? 32
    }

    /// A number of bits that make 1 to 1024 whole bytes, in bytes.
    func byteCount(_ name: StaticString, else code: HuaweiCode) throws(KMSError) -> Int? {
        guard let bits = try number(name, in: Self.bitCounts, else: code) else { return nil }
        guard bits.isMultiple(of: 8) else { throw KMSError(code, "\(name) is a multiple of 8") }
        return bits / 8
    }

    /// The member `plain_text`: a data key followed by its SHA-256, in hexadecimal, the key as long as `datakey_plain_length` says.
    ///
    /// - Throws: KMS.2101 if it is no hexadecimal text or too short, KMS.2102 for the length.
    func dataKeyWithDigest() throws(KMSError) -> KeyMaterial {
        let text = try bytes("plain_text", else: .invalidPlaintext) ?? []
        let size = text.count / 2 - Digest32.size
        guard size >= 1, text.count.isMultiple(of: 2), text.allSatisfy({ Self.nibble($0) >= 0 }) else {
            throw KMSError(.invalidPlaintext, "plain_text is a data key and its SHA-256 in hexadecimal")
        }
        // Before the text is decoded, so that no more is than a data key can have.
        guard try number("datakey_plain_length", in: Self.dataKeySizes, else: .invalidPlainLength) == size else {
            throw KMSError(.invalidPlainLength, "datakey_plain_length is the size of the key in plain_text")
        }
        return KeyMaterial(count: text.count / 2) { bytes in
            var text = text
            for index in 0..<bytes.count {
                guard let high = text.popFirst(), let low = text.popFirst() else { return }
                bytes[index] = UInt8(truncatingIfNeeded: Self.nibble(high) << 4 | Self.nibble(low))
            }
        }
    }

    /// The four bits of a hexadecimal digit in either case, or a negative number, by comparisons turned into masks: digits of a key are secret.
    private static func nibble(_ character: UInt8) -> Int32 {
        let c = Int32(character)
        var result: Int32 = -1
        result += (((47 - c) & (c - 58)) >> 8) & (c - 47)  // 0–9
        result += (((64 - c) & (c - 71)) >> 8) & (c - 54)  // A–F
        result += (((96 - c) & (c - 103)) >> 8) & (c - 86)  // a–f
        return result
    }
}
