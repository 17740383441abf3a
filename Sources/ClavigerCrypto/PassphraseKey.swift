import Crypto
import CryptoExtras

/// Keys and password digests from passphrases by scrypt (RFC 7914).
package enum PassphraseKey {
    /// The work that one guess costs. Memory is `128 * rounds * blockSize` bytes.
    package struct Cost: Hashable, Sendable {
        package let rounds: Int
        package let blockSize: Int
        package let parallelism: Int

        package init(rounds: Int, blockSize: Int, parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// Whether the numbers are allowed by RFC 7914 section 2, and the memory is at most 1 GiB.
        var isPayable: Bool {
            let largest = 1 << 20
            return (2...largest).contains(rounds) && rounds & (rounds - 1) == 0 && (1...largest).contains(blockSize)
                && (1...largest).contains(parallelism) && max(rounds, parallelism) * blockSize <= 8 * largest
        }

        /// 128 MiB and about half a second: for the root key, derived once at start.
        package static let rootKey = Cost(rounds: 1 << 17, blockSize: 8, parallelism: 1)

        /// 16 MiB and about 50 ms: for passwords of users.
        package static let password = Cost(rounds: 1 << 14, blockSize: 8, parallelism: 1)
    }

    /// Derives 32 bytes.
    ///
    /// - Throws: ``CryptoError/malformed`` for a cost that RFC 7914 does not allow or that takes more than 1 GiB.
    package static func derive(
        from passphrase: KeyMaterial,
        salt: [UInt8],
        cost: Cost
    ) throws(CryptoError) -> KeyMaterial {
        guard cost.isPayable else { throw .malformed }
        do {
            let key = try passphrase.withUnsafeBytes { passphrase in
                try KDF.Scrypt.deriveKey(
                    from: passphrase, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
                    parallelism: cost.parallelism)
            }
            return key.withUnsafeBytes { KeyMaterial(copying: $0) }
        } catch {
            throw .failed
        }
    }
}
