import ClavigerCrypto

/// UUIDs in the text form of RFC 9562, lower case only: the one spelling of a key id.
package enum UUIDText {
    package static func parse(_ text: ArraySlice<UInt8>) -> UInt128? {
        text.withUnsafeBufferPointer { text in
            guard text.count == 36 else { return nil }
            var value: UInt128 = 0
            for position in 0..<36 {
                let character = text[position]
                if position == 8 || position == 13 || position == 18 || position == 23 {
                    guard character == UInt8(ascii: "-") else { return nil }
                } else {
                    guard !(65...70).contains(character), let digit = Hex.value(character) else { return nil }
                    value = value << 4 | UInt128(digit)
                }
            }
            return value
        }
    }

    package static func parse(_ text: some Collection<UInt8>) -> UInt128? { parse(ArraySlice(text)) }

    package static func text(_ value: UInt128) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let byte = UInt8(truncatingIfNeeded: value >> UInt128(120 - 8 * index))
                buffer[position] = Hex.digit(byte >> 4)
                buffer[position + 1] = Hex.digit(byte & 15)
                position += 2
            }
            return 36
        }
    }
}
