import Testing

@testable import claviger

@Suite struct Base64TextTests {
    @Test(arguments: [("aGVsbG8=", "aGVsbG8="), (" aGVs\r\n\tbG8=\n", "aGVsbG8="), ("AAAA", "AAAA")])
    func `White space does not count`(text: String, normalized: String) {
        #expect(Base64Text.normalized(text.utf8) == normalized)
    }

    @Test(arguments: ["", " \n", "aGVsbG8", "aGVsbG9=", "message.sig", "aGVs-G8="])
    func `Anything else is refused`(text: String) {
        #expect(Base64Text.normalized(text.utf8) == nil)
    }
}
