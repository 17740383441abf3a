package import ClavigerCore
package import ClavigerCrypto

extension ProjectTable {
    /// Gives every account a project in each realm where it has none, named as those that an account begins with. So a realm that came into the
    /// configuration afterwards can be used.
    ///
    /// The table has taken in the store's projects before. Where projects of other realms have all the names already, since names moved from one realm to
    /// another, none is made.
    ///
    /// - Returns: what was made.
    @discardableResult
    package func ensureProjects(
        in store: any IdentityStore, realms: [Realm], random: RandomSource
    ) async throws(KMSError) -> [Project] {
        var made: [Project] = []
        for account in try await store.accounts() {
            for realm in realms {
                let present = projects(of: account.id)
                guard !present.contains(where: { $0.realm == realm.id }) else { continue }
                let free = realm.projectNames.first { name in !present.contains { $0.name == name } }
                guard let free else { continue }
                let project = Project(
                    id: Hex.string(random.bytes(16)), account: account.id, realm: realm.id, name: free)
                try await store.insert(project)
                note(project)
                made.append(project)
            }
        }
        return made
    }
}
