/// What a generated password shall be like.
package struct PasswordRules: Hashable, Sendable {
    /// ASCII's letters, digits and punctuation, each in the order of the code.
    package enum CharacterKind: CaseIterable, Sendable {
        case lowercase
        case uppercase
        case digit
        /// The 32 printable characters of ASCII that are neither letters, digits nor the space.
        case punctuation

        package var characters: [UInt8] {
            switch self {
            case .lowercase: Array(0x61...0x7A)
            case .uppercase: Array(0x41...0x5A)
            case .digit: Array(0x30...0x39)
            case .punctuation: Array(0x21...0x2F) + Array(0x3A...0x40) + Array(0x5B...0x60) + Array(0x7B...0x7E)
            }
        }
    }

    package static let lengths = 8...128
    package static let defaultLength = 32

    /// In characters, each of which is a byte.
    package let length: Int

    /// The characters of every kind that can be in the password; no kind is empty.
    package let alphabets: [[UInt8]]

    /// Whether each of the kinds has at least one character in the password.
    package let requiresEachKind: Bool

    /// - Parameters:
    ///   - excluded: kinds that are not in the password at all.
    ///   - excludedCharacters: characters that are not in it; a kind of which nothing is left is not required either.
    /// - Throws: `.invalidParameter` for another length, or if no character is left.
    package init(
        length: Int = defaultLength, excluding excluded: Set<CharacterKind> = [], excludedCharacters: String = "",
        requiresEachKind: Bool = true
    ) throws(KMSError) {
        guard Self.lengths.contains(length) else {
            throw KMSError(
                .invalidParameter,
                "a password has \(Self.lengths.lowerBound) to \(Self.lengths.upperBound) characters, not \(length)")
        }
        // What is not ASCII has bytes that no kind has.
        let excludedBytes = Set(excludedCharacters.utf8)
        let alphabets = CharacterKind.allCases.filter { !excluded.contains($0) }
            .map { $0.characters.filter { !excludedBytes.contains($0) } }
            .filter { !$0.isEmpty }
        guard !alphabets.isEmpty else {
            throw KMSError(.invalidParameter, "no character is left for the password")
        }
        self.length = length
        self.alphabets = alphabets
        self.requiresEachKind = requiresEachKind
    }
}
