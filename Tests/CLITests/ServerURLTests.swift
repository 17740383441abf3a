import Testing

@testable import claviger

@Suite struct ServerURLTests {
    @Test(arguments: [
        ("http://127.0.0.1:7700", "127.0.0.1:7700"), ("http://Host/", "host"),
        ("https://kms.example.com:443", "kms.example.com"),
        ("http://h:80", "h"), ("https://h:80", "h:80"), ("http://[::1]:7700", "[::1]:7700"),
        ("HTTPS://[fe80::1]", "[fe80::1]"),
    ])
    func `The authority is what the Host header says`(text: String, authority: String) throws {
        #expect(try ServerURL(text).authority == authority)
    }

    @Test(arguments: [
        "", "127.0.0.1:7700", "ftp://h", "http://", "http://:80", "http://h:0", "http://h:x", "http://h/path",
        "http://u@h", "http://h:1:2",
        "http://[::1", "http://h h", "http://h\r\nX: y",
    ])
    func `Anything else is refused`(text: String) {
        #expect(throws: CommandFailure.self) { try ServerURL(text) }
    }
}
