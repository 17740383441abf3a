package import ClavigerCore

/// An account for tests with all that comes with it, and what can be in it. Ids are made of numbers and names.
package struct SampleAccount: Sendable {
    package let account: Account
    package let root: Identity
    package let accessKey: AccessKey
    package let projects: [Project]

    package init(
        number: Int64, name: String? = nil, createdAt: Timestamp = SampleKey.moment, accessKeyID: String? = nil,
        password: PasswordDigest? = PasswordDigest(salt: [1, 0, 2], rounds: 16384, digest: [3, 255])
    ) {
        account = Account(
            id: AccountID(number), appID: 1_250_000_000 + number, domainName: name ?? "domain-\(number)",
            domainID: "d\(number)", createdAt: createdAt)
        root = Identity(
            id: "root-\(number)", number: IdentityNumber(number), account: account.id, name: "root", isRoot: true,
            password: password, createdAt: createdAt)
        accessKey = AccessKey(
            id: accessKeyID ?? "AKID\(number)", account: account.id, identity: root.id, wrappedSecret: [9, 0, 8],
            isEnabled: true, createdAt: createdAt)
        projects = ["south", "east"].map {
            Project(id: "\($0)-\(number)", account: AccountID(number), realm: RealmID($0), name: "cn-\($0)")
        }
    }

    package func insert(into store: any IdentityStore) async throws(KMSError) {
        try await store.insert(account, root: root, accessKey: accessKey, projects: projects)
    }

    /// A user of the account, without a password. Numbers must be unique over all accounts.
    package func user(_ name: String, number: Int64) -> Identity {
        Identity(
            id: "user-\(number)", number: IdentityNumber(number), account: account.id, name: name,
            isRoot: false, password: nil, createdAt: account.createdAt)
    }

    package func accessKey(_ id: String, of identity: Identity, createdAt: Timestamp? = nil) -> AccessKey {
        AccessKey(
            id: id, account: account.id, identity: identity.id, wrappedSecret: Array(id.utf8), isEnabled: true,
            createdAt: createdAt ?? account.createdAt)
    }

    package func group(_ name: String) -> Group {
        Group(
            id: "group-\(account.id)-\(Self.countername(name))", account: account.id, name: name, description: "",
            createdAt: account.createdAt)
    }

    package func policy(_ name: String, _ text: String = "{}", language: PolicyLanguage = .tencent) -> StoredPolicy {
        StoredPolicy(
            id: "policy-\(account.id)-\(Self.countername(name))", account: account.id, name: name, description: "",
            document: PolicyDocument(language: language, text: text), createdAt: account.createdAt,
            updatedAt: account.createdAt)
    }

    /// Texts that come in the opposite order of the names, so that a list that is sorted by ids shows it.
    private static func countername(_ name: String) -> String {
        name.utf8.map { String(1255 - Int($0)) }.joined()
    }
}
