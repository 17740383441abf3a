@testable import ClavigerCrypto

/// One pair of every algorithm, made once for all tests.
enum TestKeys {
    private static let pairs: [AsymmetricAlgorithm: AsymmetricKeyPair] = {
        var pairs: [AsymmetricAlgorithm: AsymmetricKeyPair] = [:]
        for algorithm in AsymmetricAlgorithm.allCases { pairs[algorithm] = try? AsymmetricKeyPair.generate(algorithm) }
        return pairs
    }()

    private static let keys = pairs.compactMapValues { try? PrivateKey(pkcs8: $0.privateKey) }

    static func pair(_ algorithm: AsymmetricAlgorithm) -> AsymmetricKeyPair {
        guard let pair = pairs[algorithm] else { preconditionFailure("no pair of \(algorithm) could be made") }
        return pair
    }

    static func key(_ algorithm: AsymmetricAlgorithm) -> PrivateKey {
        guard let key = keys[algorithm] else { preconditionFailure("the pair of \(algorithm) does not load") }
        return key
    }
}
