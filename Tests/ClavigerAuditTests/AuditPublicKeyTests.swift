import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import Testing

@Suite struct AuditPublicKeyTests {
    // RFC 8410 section 10.1.
    private let pem = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PUBLIC KEY-----

        """

    @Test func `A key is read and written as in RFC 8410`() throws {
        let key = try AuditPublicKey(pem: pem)
        #expect(Hex.string(key.rawRepresentation) == "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
        #expect(key.pem == pem)
        #expect(key.id.count == 8)
    }

    @Test func `The public key belongs to the private one`() throws {
        // RFC 8410 section 10.3, the key pair of the same document.
        let privateKey = try #require(
            Hex.decode(Array("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842".utf8)))
        #expect(try AuditSigner(privateKey: KeyMaterial(privateKey)).publicKey == AuditPublicKey(pem: pem))
    }

    @Test(arguments: [
        "", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6F\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----",
    ])
    func `Anything else is refused`(text: String) {
        #expect(throws: KMSError.self) { try AuditPublicKey(pem: text) }
    }
}
