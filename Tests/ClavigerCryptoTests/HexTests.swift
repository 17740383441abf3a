import Testing

@testable import ClavigerCrypto

@Suite struct HexTests {
    @Test func `Every byte has two lower-case characters`() {
        let bytes = [UInt8](0...255)
        let text = Hex.string(bytes)
        #expect(text.hasPrefix("000102030405060708090a0b0c0d0e0f10"))
        #expect(text.hasSuffix("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
        #expect(Hex.decode(text.utf8) == bytes)
        #expect(Hex.decode(text.uppercased().utf8) == bytes)
    }

    @Test func `Writing to memory gives the same text`() {
        let bytes = [UInt8](0...255)
        var text = [UInt8](repeating: 0, count: 512)
        text.withUnsafeMutableBytes { text in bytes.withUnsafeBytes { Hex.encode($0, into: text) } }
        #expect(String(decoding: text, as: UTF8.self) == Hex.string(bytes))
    }

    @Test func `No bytes are the empty text`() {
        #expect(Hex.string([]) == "")
        #expect(Hex.decode("".utf8) == [])
    }

    @Test(arguments: ["0", "abc", "0g", "g0", " 00", "00 ", "0x00", "0/", ":0", "@0", "0`", "é"])
    func `Other text is refused`(text: String) {
        #expect(Hex.decode(text.utf8) == nil)
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `Only the sixteen digits have a value`(character: UInt8) {
        let expected =
            Character(Unicode.Scalar(character)).isASCII ? Character(Unicode.Scalar(character)).hexDigitValue : nil
        #expect(Hex.value(character).map(Int.init) == expected)
    }
}
