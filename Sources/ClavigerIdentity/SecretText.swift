package import ClavigerCrypto

/// Secrets that people and programs pass on as text: letters and digits, each equally likely, not quite six bits a character.
package enum SecretText {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Draws `count` characters, in ASCII.
    package static func make(_ count: Int, _ random: RandomSource) -> KeyMaterial {
        KeyMaterial(count: count) { target in
            var written = 0
            while written < count {
                random.material(64).withUnsafeBytes { bytes in
                    // 248 is the largest multiple of 62 below 256; greater values would favour the first letters.
                    for byte in bytes where byte < 248 && written < count {
                        target[written] = letters[Int(byte) % letters.count]
                        written += 1
                    }
                }
            }
        }
    }

    /// The id of an access key, which is no secret: `prefix` and 32 letters or digits.
    static func accessKeyID(_ prefix: String, _ random: RandomSource) -> String {
        make(32, random).withUnsafeBytes { prefix + String(decoding: $0, as: UTF8.self) }
    }
}
