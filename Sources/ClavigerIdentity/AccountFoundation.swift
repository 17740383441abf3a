package import ClavigerCore
package import ClavigerCrypto

/// An account with what it begins with: a root identity, one access key and a project per realm. Its secrets cannot be read again afterwards.
package struct AccountFoundation: Sendable {
    package let account: Account
    package let root: Identity
    package let accessKey: AccessKey
    package let projects: [Project]

    /// The access key's secret, text in ASCII.
    package let secret: KeyMaterial

    /// The root identity's password, text in ASCII.
    package let password: KeyMaterial

    /// Draws ids and secrets for an account named `name`. Takes some tens of milliseconds for the password's digest.
    ///
    /// - Parameter number: of 1 to 15 digits; by default a random one of 12, as Tencent's are.
    /// - Throws: `.invalidName`, `.invalidParameterValue` for the number.
    package init(
        name: String, number: AccountID? = nil, realms: [Realm], backend: any CryptoBackend, random: RandomSource,
        now: Timestamp
    ) throws(KMSError) {
        try NameRule.account.check(name)
        let number = number ?? AccountID(IdentityNumber.random(random).value)
        guard (1...999_999_999_999_999).contains(number.number) else {
            throw KMSError(.invalidParameterValue, "the number of an account has 1 to 15 digits and is not 0")
        }
        // Tencent's second numbers have ten digits.
        let appID = Int64(1_000_000_000) + Int64(random.uuid() % 1_000_000_000)
        account = Account(
            id: number, appID: appID, domainName: name, domainID: Hex.string(random.bytes(16)), createdAt: now)
        password = SecretText.make(24, random)
        root = Identity(
            id: Hex.string(random.bytes(16)), number: IdentityNumber(number.number), account: number, name: name,
            isRoot: true, password: try PasswordRule.digest(password, salt: random.bytes(16)), createdAt: now)
        let made = try NewAccessKey(for: root, backend: backend, random: random, now: now)
        accessKey = made.accessKey
        secret = made.secret
        projects = realms.map {
            Project(
                id: Hex.string(random.bytes(16)), account: number, realm: $0.id,
                name: $0.huaweiNames.first ?? $0.id.name)
        }
    }
}
