import ClavigerEnvelope
import Testing

@Suite struct KMSAddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let region: String
        let url: String
        let host: String

        init(_ text: String, _ region: String, _ url: String, _ host: String) {
            self.text = text
            self.region = region
            self.url = url
            self.host = host
        }

        var testDescription: String { "\(text) for \(region)" }
    }

    @Test(arguments: [
        Case("kms.example", "r", "https://kms.example/", "kms.example"),
        Case("https://kms.example/", "r", "https://kms.example/", "kms.example"),
        Case("http://kms.example", "r", "http://kms.example/", "kms.example"),
        Case("HTTP://KMS.Example", "r", "http://kms.example/", "kms.example"),
        Case("kms.example:7700", "r", "https://kms.example:7700/", "kms.example:7700"),
        Case("kms.example:443", "r", "https://kms.example/", "kms.example"),
        Case("http://kms.example:80/", "r", "http://kms.example/", "kms.example"),
        Case("http://kms.example:443", "r", "http://kms.example:443/", "kms.example:443"),
        Case("http://127.0.0.1:1", "r", "http://127.0.0.1:1/", "127.0.0.1:1"),
        Case("http://[::1]:65535/", "r", "http://[::1]:65535/", "[::1]:65535"),
        Case("[2001:DB8::192.0.2.1]", "r", "https://[2001:db8::192.0.2.1]/", "[2001:db8::192.0.2.1]"),
        Case("my_kms", "r", "https://my_kms/", "my_kms"),
        Case("kms.{region}.example", "AP-Guangzhou", "https://kms.ap-guangzhou.example/", "kms.ap-guangzhou.example"),
        Case("{region}.kms.example", "a.b", "https://a.b.kms.example/", "a.b.kms.example"),
        Case("{region}.{region}.example:1", "a", "https://a.a.example:1/", "a.a.example:1"),
        Case("http://kms-{region}:80", "ap-1", "http://kms-ap-1/", "kms-ap-1"),
        Case("http://{region}:7700", "localhost", "http://localhost:7700/", "localhost:7700"),
        Case("http://127.0.0.{region}", "7", "http://127.0.0.7/", "127.0.0.7"),
        Case("a=http://a.example,b=b.example:1,c.example", "a", "http://a.example/", "a.example"),
        Case("a=http://a.example,b=b.example:1,c.example", "b", "https://b.example:1/", "b.example:1"),
        Case("a=http://a.example,b=b.example:1,c.example", "A", "https://c.example/", "c.example"),
        Case("c-{region}.example,a=a.example", "d", "https://c-d.example/", "c-d.example"),
    ])
    func `An address says where calls for a region go, and which host they name`(_ example: Case) throws {
        let endpoint = try #require(try KMSAddress(example.text).endpoint(for: example.region))
        #expect(endpoint.url == example.url)
        #expect(endpoint.host == example.host)
        #expect(endpoint.isEncrypted == example.url.hasPrefix("https:"))
    }

    @Test(arguments: [
        "", "/", "http://", "https:///", "http:///kms", "ftp://kms.example", "kms.example/path", "kms.example//",
        "kms.example?x", "kms.example#x", "user@kms.example", "user:secret@kms.example", "http://user@kms.example:1",
        "kms.example:", "kms.example:0", "kms.example:65536", "kms.example:1x", "kms.example:-1", "kms.example:000080",
        "kms.example:{region}", " kms.example", "kms.example ", "kms example", "kms.example\n", "kms\r\nX-Evil: 1",
        "kms.example\0", "k\u{e4}ms.example", "%6bms.example", "::1", "[::1", "[]", "[1]", "[::1%25eth0]", "[::1]x",
        "[{region}]", "{regio}", "{}", "a,b", "a=b.example,a=c.example", "=b.example", "a=", "a=b=c", "a b=c.example",
        "a=b.example,", ",", "a=http://b.example/x", String(repeating: "a", count: 254),
        String(repeating: "r=h.example,", count: 1000),
    ])
    func `What is no address is refused`(_ text: String) {
        let error = #expect(throws: EnvelopeError.self) { try KMSAddress(text) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `A region with neither an address nor a default has none`() throws {
        #expect(try KMSAddress("a=a.example,b=b.example").endpoint(for: "c") == nil)
    }

    @Test(arguments: [
        "", "a b", "a\r\nX-Evil: 1", "a/b", "a@b", "a:1", "a?b", "a#b", "a%2e", "\u{e9}", "a\0", "[::1]", "a,b",
        "{region}", String(repeating: "a", count: 64),
    ])
    func `A region that cannot be one has no address`(_ region: String) throws {
        #expect(try KMSAddress("kms.example").endpoint(for: region) == nil)
        #expect(try KMSAddress("{region}.kms.example").endpoint(for: region) == nil)
    }

    @Test(arguments: [
        ("kms-{region}", "x.evil.example"), ("{region}", "evil.example"), ("{region}:443", "192.0.2.1"),
        ("{region}", "3221225985"), ("{region}", "0xc0000201"), ("kms{region}", ".evil.example"),
        ("kms.{region}x", "evil.e"), ("kms.{region}.", "evil.example"), ("{region}", "128.0.0.1"),
        ("{region}", "127.1"), ("{region}", "127.0.0.256"), ("{region}", "127.0.0.1.1"), ("{region}", "127.0.0.x"),
        ("{region}", "127.0.0."), ("{region}x", "127.0.0.1"), ("{region}", "2130706433"), ("a{region}", "127.0.0.1"),
        ("{region}{region}", "127.0.0.1"), ("kms-{region}.com", "x.evil"), ("kms.{region}.svc", "a.evil"),
        ("{region}x.com", "evil.e"), ("{region}.com.", "kms.evil"), ("{region}.", "127"),
    ])
    func `A region does not choose the domain`(_ text: String, _ region: String) throws {
        #expect(try KMSAddress(text).endpoint(for: region) == nil)
    }

    @Test func `A region may be this machine`() throws {
        #expect(try KMSAddress("http://{region}:80").endpoint(for: "127.0.0.1")?.host == "127.0.0.1")
        #expect(try KMSAddress("http://{region}:81").endpoint(for: "127.255.3.4")?.host == "127.255.3.4:81")
        #expect(try KMSAddress("http://{region}:81").endpoint(for: "localhost")?.host == "localhost:81")
    }
}
