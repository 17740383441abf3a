import Testing

@testable import claviger

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("orders-1_a.b~c", "orders-1_a.b~c"), ("a+b=c,d@e", "a%2Bb%3Dc%2Cd%40e"),
        ("a/b?c#d%e f", "a%2Fb%3Fc%23d%25e%20f"),
        ("订", "%E8%AE%A2"), ("..", "%2E%2E"), (".", "%2E"), ("a..", "a.."), ("", ""),
    ])
    func `All but unreserved characters are escaped`(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }
}
