import ArgumentParser
import ClavigerCrypto

/// How a file spells key material that it does not hold byte by byte.
enum MaterialEncoding: String, EnumerableFlag {
    case hex, base64

    static func help(for value: MaterialEncoding) -> ArgumentHelp? {
        switch value {
        case .hex: "The material is written in hexadecimal digits."
        case .base64: "The material is written in base64."
        }
    }

    /// The bytes that a text stands for, white space aside; `nil` if it is none of this kind. Nothing of it
    /// stays behind in ordinary memory.
    func decode(_ text: KeyMaterial) -> KeyMaterial? {
        text.withUnsafeBytes { text in
            withTemporarySecret(text.count) { characters in
                var count = 0
                for character in text where !Base64Text.isWhiteSpace(character) {
                    characters[count] = character
                    count += 1
                }
                return decode(UnsafeRawBufferPointer(rebasing: characters[..<count]))
            }
        }
    }

    private func decode(_ characters: UnsafeRawBufferPointer) -> KeyMaterial? {
        switch self {
        case .base64:
            guard let count = Base64.decodedCount(characters) else { return nil }
            return try? KeyMaterial(count: count) { bytes throws(CryptoError) in
                try Base64.decode(characters, into: bytes)
            }
        case .hex:
            guard characters.count % 2 == 0 else { return nil }
            return try? KeyMaterial(count: characters.count / 2) { bytes throws(CryptoError) in
                for index in bytes.indices {
                    guard let high = Hex.value(characters[2 * index]), let low = Hex.value(characters[2 * index + 1])
                    else { throw .malformed }
                    bytes[index] = high << 4 | low
                }
            }
        }
    }
}
