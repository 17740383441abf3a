package import ClavigerCrypto

extension SecretService {
    /// Makes a random password, which is not stored.
    package func generatePassword(_ rules: PasswordRules, as caller: Caller) throws(KMSError) -> KeyMaterial {
        try caller.require(on: .all(.secret))
        return rules.generate(from: random)
    }
}

extension PasswordRules {
    /// Makes a password: a character of each kind that is required, then characters of all kinds alike, and lastly all of them in random order.
    func generate(from source: RandomSource) -> KeyMaterial {
        var choices = RandomChoices(from: source)
        let all = alphabets.flatMap(\.self)
        return KeyMaterial(count: length) { password in
            for index in password.indices {
                let alphabet = requiresEachKind && index < alphabets.count ? alphabets[index] : all
                password[index] = alphabet[choices.next(below: alphabet.count)]
            }
            guard requiresEachKind else { return }
            // Fisher and Yates: every order is as likely as every other.
            for last in stride(from: password.count - 1, to: 0, by: -1) {
                password.swapAt(last, choices.next(below: last + 1))
            }
        }
    }
}

/// Random numbers, each as likely as every other.
private struct RandomChoices: ~Copyable {
    private static let blockSize = 512

    private let source: RandomSource
    private var block: KeyMaterial
    private var used = 0

    init(from source: RandomSource) {
        self.source = source
        block = source.material(Self.blockSize)
    }

    /// A number from 0 to below `count`, which is 1 to 256.
    mutating func next(below count: Int) -> Int {
        // Bytes beyond the last multiple would make the first numbers more likely.
        let limit = 256 - 256 % count
        while true {
            let byte = Int(nextByte())
            if byte < limit { return byte % count }
        }
    }

    private mutating func nextByte() -> UInt8 {
        if used == Self.blockSize {
            block = source.material(Self.blockSize)
            used = 0
        }
        defer { used += 1 }
        return block.withUnsafeBytes { [used] in $0[used] }
    }
}
