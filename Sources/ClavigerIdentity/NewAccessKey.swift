package import ClavigerCore
package import ClavigerCrypto

/// An access key as it was made, with the secret, which nobody can read again.
package struct NewAccessKey: Sendable {
    package let accessKey: AccessKey

    /// 32 letters and digits, 190 bits.
    package let secret: KeyMaterial

    /// Draws id and secret. The id has Tencent's form: `AKID` and 32 letters or digits.
    init(
        for identity: Identity, backend: any CryptoBackend, random: RandomSource, now: Timestamp
    ) throws(KMSError) {
        let id = SecretText.accessKeyID("AKID", random)
        secret = SecretText.make(32, random)
        let row = AccessKey.wrappingIdentity(account: identity.account, id: id)
        accessKey = AccessKey(
            id: id, account: identity.account, identity: identity.id,
            wrappedSecret: try backend.wrap(secret, identity: row), isEnabled: true, createdAt: now)
    }
}
