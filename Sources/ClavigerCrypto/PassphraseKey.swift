import CryptoExtras
import Crypto

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

        /// 128 MiB and about half a second: for the root key, derived once at start.
        package static let rootKey = Cost(rounds: 1 << 17, blockSize: 8, parallelism: 1)

        /// 16 MiB and about 50 ms: for passwords of users.
        package static let password = Cost(rounds: 1 << 14, blockSize: 8, parallelism: 1)
    }

    /// Derives 32 bytes.
    package static func derive(
        from passphrase: KeyMaterial,
        salt: [UInt8],
        cost: Cost
    ) throws(CryptoError) -> KeyMaterial {
        guard cost.rounds > 1, cost.rounds & (cost.rounds - 1) == 0, cost.blockSize > 0, cost.parallelism > 0 else {
            throw .malformed
        }
        do {
            let key = try passphrase.withUnsafeBytes { passphrase in
                try KDF.Scrypt.deriveKey(
                    from: passphrase, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
                    parallelism: cost.parallelism, maxMemory: 256 * cost.rounds * cost.blockSize)
            }
            return key.withUnsafeBytes { KeyMaterial(copying: $0) }
        } catch {
            throw .failed
        }
    }
}
