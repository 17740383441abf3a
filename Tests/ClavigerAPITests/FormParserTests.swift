import ClavigerAPI
import ClavigerCore
import Testing

@Suite struct FormParserTests {
    private func parse(_ text: String) throws -> [[String]] { try parse(Array(text.utf8)) }

    private func parse(_ text: [UInt8]) throws -> [[String]] {
        try FormParser.parse(text[...]).map {
            [String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)]
        }
    }

    @Test(arguments: [
        ("", []),
        ("a=1", [["a", "1"]]),
        ("a=1&b=2", [["a", "1"], ["b", "2"]]),
        ("b=2&a=1", [["b", "2"], ["a", "1"]]),
        ("a", [["a", ""]]),
        ("a=", [["a", ""]]),
        ("=1", [["", "1"]]),
        ("a=b=c", [["a", "b=c"]]),
        ("&&a=1&&b=2&", [["a", "1"], ["b", "2"]]),
        ("a=x+y%20z", [["a", "x y z"]]),
        ("a=%2B", [["a", "+"]]),
        ("a%2E0=1", [["a.0", "1"]]),
        ("a=%7e%7E~", [["a", "~~~"]]),
        ("a=%e5%AF%86", [["a", "密"]]),
        ("a=密", [["a", "密"]]),
        ("a=%26%3D%25", [["a", "&=%"]]),
        ("a=%00", [["a", "\0"]]),
        ("a=1&A=2", [["a", "1"], ["A", "2"]]),
        ("a=x?y/z", [["a", "x?y/z"]]),
        ("a=1;b=2", [["a", "1;b=2"]]),
    ])
    func `Text is taken apart and decoded`(text: String, expected: [[String]]) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        "a=%", "a=%2", "a=%2G", "a=%G2", "a=%%20", "a=% 20", "%=1", "a=1%", "a=1&a=1", "a=1&a=2", "a=1&%61=2", "a&a",
        "a=%FF", "a=%C3", "a=%C3%28", "a=%ED%A0%80", "a=%C0%80", "%FF=1", "a=%+1", "a=%-1",
    ])
    func `What two programs could read differently is refused`(text: String) {
        let error = #expect(throws: KMSError.self) { try parse(text) }
        #expect(error?.code == .invalidParameter)
    }

    @Test func `Invalid UTF-8 that is not escaped is refused`() {
        #expect(throws: KMSError.self) { try parse(Array("a=".utf8) + [0xFF]) }
    }

    @Test func `The number of parameters is limited`() throws {
        let text = (0..<10_000).map { "p\($0)=" }.joined(separator: "&")
        #expect(try parse(text).count == 10_000)
        #expect(throws: KMSError.self) { try parse(text + "&x=") }
    }

    @Test func `A part of a larger buffer is parsed alone`() throws {
        let bytes = Array("xx%a=1&b=%41yy".utf8)
        #expect(try FormParser.parse(bytes[3..<12]).map(\.value) == [Array("1".utf8), Array("A".utf8)])
        #expect(throws: KMSError.self) { try FormParser.parse(bytes[3..<11]) }
    }
}
