package import ClavigerCore

/// An account for tests with all that comes with it.
package struct SampleAccount: Sendable {
    package let account: Account
    package let root: Identity
    package let accessKey: AccessKey
    package let projects: [Project]

    package init(number: Int64, createdAt: Timestamp = SampleKey.moment, accessKeyID: String? = nil) {
        account = Account(
            id: AccountID(number), domainName: "domain-\(number)", domainID: "d\(number)", createdAt: createdAt)
        root = Identity(
            id: "root-\(number)", account: account.id, name: "root", isRoot: true,
            password: PasswordDigest(salt: [1, 0, 2], rounds: 16384, digest: [3, 255]), createdAt: createdAt)
        accessKey = AccessKey(
            id: accessKeyID ?? "AKID\(number)", account: account.id, identity: root.id, wrappedSecret: [9, 0, 8],
            isEnabled: true, createdAt: createdAt)
        projects = ["south", "east"].map {
            Project(id: "\($0)-\(number)", account: AccountID(number), realm: RealmID($0))
        }
    }

    package func insert(into store: any KeyStore) async throws(KMSError) {
        try await store.insert(account, root: root, accessKey: accessKey, projects: projects)
    }
}
