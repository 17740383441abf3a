import ClavigerCore
import ClavigerCrypto

/// The first members of every answer about the use of a key: which key, and which of its versions.
struct KeyAndVersion: Sendable {
    let key: KeyID
    let version: KeyVersionID

    init(_ key: KeyID, _ version: KeyVersionID) {
        self.key = key
        self.version = version
    }

    /// A symmetric key that has just encrypted, by its primary version.
    init(encryptingBy key: ResidentKey) {
        // What has encrypted has a primary version; the other is that of a key with material from outside, which has but one.
        self.init(key.key.id, key.key.primaryVersion ?? key.key.externalVersion)
    }

    /// What a ciphertext says that was decrypted.
    init(of ciphertext: Ciphertext) {
        self.init(KeyID(ciphertext.keyID), KeyVersionID(ciphertext.keyVersionID))
    }

    func encode(to json: inout JSONWriter) {
        json.member("KeyId", key.description)
        json.member("KeyVersionId", version.description)
    }
}
