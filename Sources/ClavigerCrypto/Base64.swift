/// Base64 with padding (RFC 4648 section 4), strict, and without table lookups that depend on the data.
package enum Base64 {
    /// Characters for `count` bytes.
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Writes the characters for `bytes` to `target`, which has room for `encodedCount(bytes.count)`.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        var read = 0
        var written = 0
        while read + 2 < bytes.count {
            let group = UInt32(bytes[read]) << 16 | UInt32(bytes[read + 1]) << 8 | UInt32(bytes[read + 2])
            target[written] = character(group >> 18)
            target[written + 1] = character(group >> 12 & 63)
            target[written + 2] = character(group >> 6 & 63)
            target[written + 3] = character(group & 63)
            read += 3
            written += 4
        }
        guard read < bytes.count else { return }
        let second = read + 1 < bytes.count ? UInt32(bytes[read + 1]) : 0
        let group = UInt32(bytes[read]) << 16 | second << 8
        target[written] = character(group >> 18)
        target[written + 1] = character(group >> 12 & 63)
        target[written + 2] = read + 1 < bytes.count ? character(group >> 6 & 63) : UInt8(ascii: "=")
        target[written + 3] = UInt8(ascii: "=")
    }

    package static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: encodedCount(bytes.count)) { buffer, initialized in
            encode(bytes, into: UnsafeMutableRawBufferPointer(buffer))
            initialized = encodedCount(bytes.count)
        }
    }

    package static func string(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.withUnsafeBytes { encode($0) }, as: UTF8.self)
    }

    /// Bytes that `characters` stand for, or `nil` if their number or padding cannot be right.
    package static func decodedCount(_ characters: UnsafeRawBufferPointer) -> Int? {
        guard characters.count % 4 == 0 else { return nil }
        guard characters.count > 0 else { return 0 }
        let full = characters.count / 4 * 3
        guard characters[characters.count - 1] == UInt8(ascii: "=") else { return full }
        return characters[characters.count - 2] == UInt8(ascii: "=") ? full - 2 : full - 1
    }

    /// Decodes to `target` of exactly `decodedCount` bytes.
    ///
    /// Refuses characters outside the alphabet (white space too) and bits that the padding leaves unused but set, so that no two
    /// texts stand for the same bytes.
    package static func decode(
        _ characters: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        guard let count = decodedCount(characters), target.count == count else { throw .malformed }
        var invalid: Int32 = 0
        var read = 0
        var written = 0
        while written + 3 <= count {
            let a = value(characters[read])
            let b = value(characters[read + 1])
            let c = value(characters[read + 2])
            let d = value(characters[read + 3])
            invalid |= a | b | c | d
            let group = a << 18 | b << 12 | c << 6 | d
            target[written] = UInt8(truncatingIfNeeded: group >> 16)
            target[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
            target[written + 2] = UInt8(truncatingIfNeeded: group)
            read += 4
            written += 3
        }
        if written < count {
            let a = value(characters[read])
            let b = value(characters[read + 1])
            let c = count - written == 2 ? value(characters[read + 2]) : 0
            invalid |= a | b | c
            let group = a << 18 | b << 12 | c << 6
            target[written] = UInt8(truncatingIfNeeded: group >> 16)
            if count - written == 2 {
                target[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
                if group & 0xFF != 0 { invalid = -1 }
            } else if group & 0xFFFF != 0 {
                invalid = -1
            }
        }
        guard invalid >= 0 else { throw .malformed }
    }

    package static func decode(_ characters: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        let copy = [UInt8](characters)
        guard let count = copy.withUnsafeBytes({ decodedCount($0) }) else { throw .malformed }
        var decoded = [UInt8](repeating: 0, count: count)
        var failure: CryptoError?
        copy.withUnsafeBytes { source in
            decoded.withUnsafeMutableBytes { target in
                do throws(CryptoError) { try decode(source, into: target) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        return decoded
    }

    /// The character for six bits, by comparisons turned into masks.
    @inline(__always)
    private static func character(_ bits: UInt32) -> UInt8 {
        let value = Int32(bitPattern: bits)
        var offset: Int32 = 65
        offset += ((25 - value) >> 8) & 6  // 26… : a
        offset -= ((51 - value) >> 8) & 75  // 52… : 0
        offset -= ((61 - value) >> 8) & 15  // 62 : +
        offset += ((62 - value) >> 8) & 3  // 63 : /
        return UInt8(truncatingIfNeeded: value + offset)
    }

    /// The six bits of a character, or a negative number.
    @inline(__always)
    private static func value(_ character: UInt8) -> Int32 {
        let c = Int32(character)
        var result: Int32 = -1
        result += (((64 - c) & (c - 91)) >> 8) & (c - 64)  // A–Z
        result += (((96 - c) & (c - 123)) >> 8) & (c - 70)  // a–z
        result += (((47 - c) & (c - 58)) >> 8) & (c + 5)  // 0–9
        result += (((42 - c) & (c - 44)) >> 8) & 63  // +
        result += (((46 - c) & (c - 48)) >> 8) & 64  // /
        return result
    }
}
