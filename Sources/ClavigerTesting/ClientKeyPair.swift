package import ClavigerCrypto
import Synchronization

/// Key pairs that clients have themselves: one for each algorithm, made when it is first asked for.
package enum ClientKeyPair {
    private static let made = Mutex<[String: PrivateKey]>([:])

    /// - Parameter algorithm: as Swift spells the case of ``ClavigerCrypto/AsymmetricAlgorithm``, such as `rsa2048`.
    package static func named(_ algorithm: String) throws -> PrivateKey {
        try made.withLock { made in
            if let key = made[algorithm] { return key }
            guard let choice = AsymmetricAlgorithm.allCases.first(where: { "\($0)" == algorithm }) else {
                throw TranscriptFault("no key pair is called \(algorithm)")
            }
            let key = try PrivateKey(pkcs8: try AsymmetricKeyPair.generate(choice).privateKey)
            made[algorithm] = key
            return key
        }
    }
}
