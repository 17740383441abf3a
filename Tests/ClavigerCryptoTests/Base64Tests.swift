import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct Base64Tests {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    // RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `The examples of RFC 4648 hold`(text: String, encoded: String) throws {
        #expect(Base64.string(Array(text.utf8)) == encoded)
        #expect(try Base64.decode(encoded.utf8) == Array(text.utf8))
    }

    @Test(arguments: 0...300)
    func `Encoding agrees with Foundation`(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ size) }
        let encoded = Base64.string(bytes)
        #expect(encoded == Data(bytes).base64EncodedString())
        #expect(encoded.utf8.count == Base64.encodedCount(size))
        #expect(try Base64.decode(encoded.utf8) == bytes)
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `A character stands for its place in the alphabet`(character: UInt8) throws {
        let decoded = try? Base64.decode([65, 65, 65, character])
        let expected = Self.alphabet.firstIndex(of: character).map { [0, 0, UInt8($0)] }
        // "AAA=" has padding in this place.
        #expect(decoded == (character == UInt8(ascii: "=") ? [0, 0] : expected))
    }

    @Test(arguments: 0..<4, ["\u{00}", " ", "-", "_", ",", ".", ":", "@", "[", "`", "{", "=", "\u{7F}"])
    func `A character outside the alphabet is refused in every place`(place: Int, character: String) {
        var text = [UInt8]("QUJDREVG".utf8)
        text[place] = character.utf8.first ?? 0
        #expect(throws: CryptoError.malformed) { try Base64.decode(text) }
    }

    @Test(arguments: 0..<64)
    func `Unused bits must be zero`(value: Int) {
        let character = Self.alphabet[value]
        let one = try? Base64.decode([65, character, 61, 61])
        #expect(one == (value % 16 == 0 ? [UInt8(value / 16)] : nil))
        let two = try? Base64.decode([65, 65, character, 61])
        #expect(two == (value % 4 == 0 ? [0, UInt8(value / 4)] : nil))
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zm8", "Z", "=", "==", "===", "====", "Z===", "Zg==Zg==", "Zg=Z", "Zm=v", "Zg== ", " Zg==",
        "Zm9v\n",
        "Zm9\r\nv", "Zm 9", "Zm9v=", "Zm9v====", "-_-_", "Zm-v", "Zm_v", "Zg==\n\n\n\n", "é===", "Zm9é",
    ])
    func `Text that is not exact is refused`(text: String) {
        #expect(throws: CryptoError.malformed) { try Base64.decode(text.utf8) }
    }

    @Test func `A target of another size is refused`() {
        for size in [0, 2, 4] {
            var target = [UInt8](repeating: 0, count: size)
            #expect(throws: CryptoError.malformed) {
                try Array("Zm9v".utf8).withUnsafeBytes { text in
                    try target.withUnsafeMutableBytes { try Base64.decode(text, into: $0) }
                }
            }
        }
    }
}
