import ClavigerCore
import ClavigerCrypto

/// A parsed private key in this process.
final class SoftwarePrivateKey: ActivePrivateKey {
    private let key: PrivateKey

    init(_ key: PrivateKey) { self.key = key }

    var publicKey: PublicKey { key.publicKey }

    func sign(
        _ digest: [UInt8], _ scheme: SignatureScheme, encoding: SignatureEncoding
    ) throws(KMSError) -> [UInt8] {
        do throws(CryptoError) {
            return try key.sign(digest: digest, scheme, encoding: encoding)
        } catch .malformed {
            throw KMSError(.invalidParameter, "the algorithm or the digest does not fit the key")
        } catch {
            throw KMSError(.backendFailed, "signing failed", cause: error)
        }
    }

    func decrypt(_ ciphertext: [UInt8], _ scheme: AsymmetricEncryptionScheme) throws(KMSError) -> KeyMaterial {
        do throws(CryptoError) {
            return try key.decrypt(ciphertext, scheme)
        } catch .failed {
            throw KMSError(.backendFailed, "decryption failed", cause: CryptoError.failed)
        } catch {
            throw KMSError(.decryptionFailed, "the ciphertext was not made for this key and algorithm, or was changed")
        }
    }
}
