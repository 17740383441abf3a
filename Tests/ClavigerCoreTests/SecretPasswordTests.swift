import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct SecretPasswordTests {
    private typealias Kind = PasswordRules.CharacterKind

    private let fixture = SecretServiceFixture()

    private func generate(_ rules: PasswordRules) throws -> [UInt8] {
        try fixture.secrets.generatePassword(rules, as: fixture.caller).withUnsafeBytes { Array($0) }
    }

    @Test func `The kinds are ASCII's printable characters without the space`() {
        let all = Kind.allCases.flatMap(\.characters)
        #expect(all.sorted() == Array(0x21...0x7E))
        #expect(Kind.allCases.map(\.characters.count) == [26, 26, 10, 32])
        #expect(Kind.punctuation.characters == Array("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".utf8))
    }

    @Test(arguments: [8, 32, 128])
    func `A password has its length, characters of every kind, and is new each time`(length: Int) throws {
        let rules = try PasswordRules(length: length)
        var seen: Set<[UInt8]> = []
        for _ in 0..<200 {
            let password = try generate(rules)
            #expect(password.count == length)
            for kind in Kind.allCases { #expect(password.contains { kind.characters.contains($0) }, "\(kind)") }
            #expect(password.allSatisfy { (0x21...0x7E).contains($0) })
            #expect(seen.insert(password).inserted)
        }
        #expect(try PasswordRules().length == 32)
    }

    @Test(arguments: [-1, 0, 7, 129])
    func `Other lengths are refused`(length: Int) {
        let error = #expect(throws: KMSError.self) { try PasswordRules(length: length) }
        #expect(error?.code == .invalidParameter)
    }

    @Test(arguments: [
        ([], "aA0!", "bB1\""), (["lowercase"], "", "A0!"), (["lowercase", "uppercase", "digit"], "", "!"),
        (["punctuation"], "abcdefghijklmnopqrstuvwxyz", "A0"), (["digit"], "\u{E9}\u{1F600}", "aA!"),
    ])
    func `What is excluded is not there, and the kinds that are left all are`(
        kinds: [String], characters: String, present: String
    ) throws {
        let excluded = Set(Kind.allCases.filter { kinds.contains("\($0)") })
        let rules = try PasswordRules(length: 8, excluding: excluded, excludedCharacters: characters)
        let left = Kind.allCases.filter { kind in present.utf8.contains { kind.characters.contains($0) } }
        for _ in 0..<200 {
            let password = try generate(rules)
            for kind in Kind.allCases {
                #expect(password.contains { kind.characters.contains($0) } == left.contains(kind), "\(kind)")
            }
            #expect(password.allSatisfy { !characters.utf8.contains($0) })
        }
    }

    @Test func `A kind of which one character is left has that one`() throws {
        let rules = try PasswordRules(length: 8, excludedCharacters: "012345678")
        for _ in 0..<100 { #expect(try generate(rules).contains(UInt8(ascii: "9"))) }
    }

    @Test func `Without characters there is no password`() {
        let everything = String(decoding: 0x21...0x7E as ClosedRange<UInt8>, as: UTF8.self)
        let digits = "0123456789"
        let attempts: [(Set<PasswordRules.CharacterKind>, String)] = [
            (Set(Kind.allCases), ""), ([], everything), ([.lowercase, .uppercase, .punctuation], digits),
        ]
        for (kinds, characters) in attempts {
            let error = #expect(throws: KMSError.self) {
                try PasswordRules(excluding: kinds, excludedCharacters: characters)
            }
            #expect(error?.code == .invalidParameter)
        }
    }

    @Test func `Without the demand a kind may be missing`() throws {
        let rules = try PasswordRules(length: 8, requiresEachKind: false)
        let passwords = try (0..<200).map { _ in try generate(rules) }
        #expect(passwords.contains { password in !password.contains { Kind.digit.characters.contains($0) } })
    }

    // Each count below is a sum of independent draws, and the bounds are six standard deviations away from what is expected: beyond them lies
    // one run in hundreds of millions.

    @Test func `Every character is as likely as every other`() throws {
        // 94 does not divide 256: a remainder would make the first 68 characters half as likely again.
        let rules = try PasswordRules(length: 128, requiresEachKind: false)
        let draws = 128.0 * 800
        var counts: [UInt8: Double] = [:]
        for _ in 0..<800 { for character in try generate(rules) { counts[character, default: 0] += 1 } }
        let expected = draws / 94
        for character in UInt8(0x21)...0x7E {
            #expect(abs(counts[character, default: 0] - expected) < 6 * expected.squareRoot(), "\(character)")
        }
    }

    @Test func `A character that is required stands in every place as often as in every other`() throws {
        // There is one digit beside thirteen letters, so that most of them are there because they are required.
        let rules = try PasswordRules(
            length: 8, excluding: [.punctuation, .uppercase], excludedCharacters: "123456789abcdefghijklm")
        var counts = [Double](repeating: 0, count: 8)
        for _ in 0..<8000 {
            for (place, character) in try generate(rules).enumerated() where character == UInt8(ascii: "0") {
                counts[place] += 1
            }
        }
        let expected = counts.reduce(0, +) / 8
        #expect(expected >= 1000)
        for count in counts { #expect(abs(count - expected) < 6 * expected.squareRoot(), "\(counts)") }
    }
}
