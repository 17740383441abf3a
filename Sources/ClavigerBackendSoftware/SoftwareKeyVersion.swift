import ClavigerCore
import ClavigerCrypto

/// A symmetric key version in this process's locked memory.
final class SoftwareKeyVersion: ActiveKeyVersion {
    private let key: KeyID
    private let version: KeyVersionID
    private let suite: Ciphertext.Suite
    private let material: KeyMaterial
    private let random: RandomSource

    init(key: KeyID, version: KeyVersionID, suite: Ciphertext.Suite, material: KeyMaterial, random: RandomSource) {
        self.key = key
        self.version = version
        self.suite = suite
        self.material = material
        self.random = random
    }

    func encrypt(
        _ plaintext: KeyMaterial, purpose: Ciphertext.Purpose, context: EncryptionContext, at moment: Timestamp
    ) throws(KMSError) -> [UInt8] {
        do throws(CryptoError) {
            return try plaintext.withUnsafeBytes { plaintext throws(CryptoError) in
                try withTemporarySecret(44) { fresh throws(CryptoError) in
                    random.fillFresh(fresh)
                    return try Ciphertext.seal(
                        plaintext, under: material, suite: suite, purpose: purpose, keyID: key.value,
                        keyVersionID: version.value, context: context,
                        issuedAt: UInt64(clamping: moment.seconds),
                        salt: UnsafeRawBufferPointer(rebasing: fresh[..<32]),
                        iv: UnsafeRawBufferPointer(rebasing: fresh[32...]))
                }
            }
        } catch {
            throw KMSError(.backendFailed, "encryption failed", cause: error)
        }
    }

    func decrypt(_ ciphertext: Ciphertext, context: EncryptionContext) throws(KMSError) -> KeyMaterial {
        guard
            ciphertext.suite == suite, ciphertext.keyID == key.value, ciphertext.keyVersionID == version.value
        else { throw .invalidCiphertext }
        do throws(CryptoError) {
            return try ciphertext.open(with: material, context: context)
        } catch {
            throw .invalidCiphertext
        }
    }
}
