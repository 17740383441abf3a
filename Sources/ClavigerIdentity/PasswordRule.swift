import ClavigerCore
import ClavigerCrypto

/// What passwords may be: 8 to 128 characters of UTF-8, none of them a control character, and not the user's name.
enum PasswordRule {
    private static let lengths = 8...128

    /// - Throws: `.invalidParameterValue`.
    static func check(_ password: KeyMaterial, ofUser name: String) throws(KMSError) {
        let isName = password.withUnsafeBytes { bytes in
            bytes.count == name.utf8.count && zip(bytes, name.utf8).allSatisfy { lowercased($0) == lowercased($1) }
        }
        // A character is what does not continue another, RFC 3629 section 3.
        let characters = password.withUnsafeBytes { $0.count { $0 & 0xC0 != 0x80 } }
        guard lengths.contains(characters) else {
            throw KMSError(
                .invalidParameterValue,
                "a password has \(lengths.lowerBound) to \(lengths.upperBound) characters")
        }
        // HMAC, on which scrypt is built, fills short keys up with zero bytes (RFC 2104 section 2): one at the end would not count.
        let hasControls = password.withUnsafeBytes { $0.contains { $0 < 0x20 || $0 == 0x7F } }
        guard !hasControls else {
            throw KMSError(.invalidParameterValue, "a password has no control characters")
        }
        guard !isName else { throw KMSError(.invalidParameterValue, "the password is the name of the user") }
    }

    /// The digest that is kept. Takes some tens of milliseconds.
    static func digest(_ password: KeyMaterial, salt: [UInt8]) throws(KMSError) -> PasswordDigest {
        let cost = PassphraseKey.Cost.password
        do throws(CryptoError) {
            let digest = try PassphraseKey.derive(from: password, salt: salt, cost: cost)
            return PasswordDigest(salt: salt, rounds: cost.rounds, digest: digest.withUnsafeBytes { Array($0) })
        } catch {
            throw KMSError(.backendFailed, "the password's digest could not be made", cause: error)
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
}
