import ClavigerCrypto
import ClavigerIdentity
import Testing

@Suite struct SecretTextTests {
    @Test(arguments: [0, 1, 24, 32, 1000])
    func `Secret text has the length that is asked for, of letters and digits alone`(count: Int) {
        let text = SecretText.make(count, IdentityFixture.random).text
        #expect(text.utf8.count == count)
        #expect(text.utf8.allSatisfy { Character(UnicodeScalar($0)).isASCII })
        #expect(text.allSatisfy { $0.isLetter || $0.isNumber })
    }

    @Test func `No character is more likely than another`() {
        var counts: [Character: Int] = [:]
        for character in SecretText.make(62_000, IdentityFixture.random).text { counts[character, default: 0] += 1 }
        #expect(counts.count == 62)
        // About 1000 each with a deviation of 31; bytes taken modulo 62 would give the first eight 1211.
        #expect(counts.values.allSatisfy { (800...1180).contains($0) })
    }
}
