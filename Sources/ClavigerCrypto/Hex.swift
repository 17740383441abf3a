/// Lower-case hexadecimal text.
package enum Hex {
    /// Writes two characters per byte to `target`.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        for index in 0..<bytes.count {
            target[2 * index] = digit(bytes[index] >> 4)
            target[2 * index + 1] = digit(bytes[index] & 15)
        }
    }

    package static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of hexadecimal text in either case; `nil` if it is none.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        text.withUnsafeBufferPointer { text in
            guard text.count % 2 == 0 else { return nil }
            var isHexadecimal = true
            let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2) { buffer, initialized in
                for index in 0..<text.count / 2 {
                    guard let high = value(text[2 * index]), let low = value(text[2 * index + 1]) else {
                        isHexadecimal = false
                        return
                    }
                    buffer[index] = high << 4 | low
                    initialized = index + 1
                }
            }
            return isHexadecimal ? bytes : nil
        }
    }

    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(ArraySlice(text)) }

    @inline(__always)
    package static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 + nibble : 87 + nibble }

    @inline(__always)
    package static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 48...57: character - 48
        case 97...102: character - 87
        case 65...70: character - 55
        default: nil
        }
    }
}
