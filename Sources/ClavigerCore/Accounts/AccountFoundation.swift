package import ClavigerCrypto

/// The first account of a server: made once, with secrets that nobody can read again afterwards.
package struct AccountFoundation: Sendable {
    package let account: Account
    package let root: Identity
    package let accessKey: AccessKey
    package let projects: [Project]

    /// The access key's secret, text in ASCII.
    package let secret: KeyMaterial

    /// The root identity's password, text in ASCII.
    package let password: KeyMaterial

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Draws ids and secrets for an account named `name`. Takes some tens of milliseconds for the password's digest.
    package init(
        name: String, realms: [Realm], backend: any CryptoBackend, random: RandomSource, now: Timestamp
    ) throws(KMSError) {
        let number = AccountID(Int64(100_000_000_000) + Int64(random.uuid() % 900_000_000_000))
        account = Account(id: number, domainName: name, domainID: Hex.string(random.bytes(16)), createdAt: now)
        let password = Self.text(24, random)
        let salt = random.bytes(16)
        let digest: KeyMaterial
        do throws(CryptoError) {
            digest = try PassphraseKey.derive(from: password, salt: salt, cost: .password)
        } catch {
            throw KMSError(.backendFailed, "the password's digest could not be made", cause: error)
        }
        root = Identity(
            id: Hex.string(random.bytes(16)), account: number, name: name, isRoot: true,
            password: PasswordDigest(
                salt: salt, rounds: PassphraseKey.Cost.password.rounds, digest: digest.withUnsafeBytes { Array($0) }),
            createdAt: now)
        // Tencent's form: AKID and 32 letters or digits; the secret has 32 as well, which is 190 bits.
        let id = Self.text(32, random).withUnsafeBytes { "AKID" + String(decoding: $0, as: UTF8.self) }
        let secret = Self.text(32, random)
        accessKey = AccessKey(
            id: id, account: number, identity: root.id,
            wrappedSecret: try backend.wrap(secret, identity: AccessKey.wrappingIdentity(account: number, id: id)),
            isEnabled: true, createdAt: now)
        projects = realms.map { Project(id: Hex.string(random.bytes(16)), account: number, realm: $0.id) }
        self.secret = secret
        self.password = password
    }

    /// Letters and digits, each equally likely.
    private static func text(_ count: Int, _ random: RandomSource) -> KeyMaterial {
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
}
