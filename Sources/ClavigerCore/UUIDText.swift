import ClavigerCrypto

/// UUIDs in the text form of RFC 9562, lower case only: the one spelling of a key id.
package enum UUIDText {
    private static let dashes = [8, 13, 18, 23]

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
            for nibble in 0..<32 {
                if dashes.contains(position) {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                buffer[position] = Hex.digit(UInt8(truncatingIfNeeded: value >> UInt128(124 - 4 * nibble)) & 15)
                position += 1
            }
            return 36
        }
    }
}
