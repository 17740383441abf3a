import COpenSSL
import Crypto
import Dispatch
import Foundation

/// Signs digests with the libraries alone, on several threads, and prints how many signatures that makes per second: what signing through the
/// service is measured against.
///
///     raw-signer ALGORITHM THREADS SECONDS      ALGORITHM is rsa2048, p256 or sm2
@main
struct RawSigner {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let threads = Int(arguments[2]), let seconds = Double(arguments[3]) else {
            FileHandle.standardError.write(Data("usage: raw-signer rsa2048|p256|sm2 THREADS SECONDS\n".utf8))
            exit(64)
        }
        let end = Date(timeIntervalSinceNow: seconds)
        let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: threads)
        counts.initialize(repeating: 0)
        nonisolated(unsafe) let results = counts
        let start = Date()
        DispatchQueue.concurrentPerform(iterations: threads) { index in
            let sign = signer(arguments[1])
            var count = 0
            repeat {
                for _ in 0..<8 { sign() }
                count += 8
            } while Date() < end
            results[index] = count
        }
        let elapsed = Date().timeIntervalSince(start)
        print(Int(Double(counts.reduce(0, +)) / elapsed))
    }

    /// A function that makes one signature with a key of its own.
    private static func signer(_ algorithm: String) -> () -> Void {
        let digest = [UInt8](repeating: 7, count: 32)
        switch algorithm {
        case "p256":
            let key = P256.Signing.PrivateKey()
            let hash = SHA256.hash(data: digest)
            return {
                guard (try? key.signature(for: hash).derRepresentation) != nil else { fatalError("signing failed") }
            }
        case "rsa2048", "sm2":
            let context = context(isRSA: algorithm == "rsa2048")
            return {
                var signature = [UInt8](repeating: 0, count: 512)
                var size = signature.count
                guard EVP_PKEY_sign(context, &signature, &size, digest, digest.count) == 1 else {
                    fatalError("signing failed")
                }
            }
        default:
            fatalError("unknown algorithm \(algorithm)")
        }
    }

    private static func context(isRSA: Bool) -> OpaquePointer? {
        let generator = EVP_PKEY_CTX_new_from_name(nil, isRSA ? "RSA" : "SM2", nil)
        var key: OpaquePointer?
        guard
            EVP_PKEY_keygen_init(generator) == 1, !isRSA || EVP_PKEY_CTX_set_rsa_keygen_bits(generator, 2048) == 1,
            EVP_PKEY_generate(generator, &key) == 1
        else { fatalError("no key can be made") }
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        guard EVP_PKEY_sign_init(context) == 1 else { fatalError("signing cannot begin") }
        if isRSA {
            guard
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32) == 1
            else { fatalError("signing cannot begin") }
        }
        return context
    }
}
