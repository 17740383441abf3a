package import ClavigerCore
import Synchronization

/// All projects that this server knows of, at hand without asking the store.
package final class ProjectTable: Sendable {
    private struct State {
        var projects: [String: Project] = [:]

        /// The ids of an account's projects.
        var accounts: [AccountID: Set<String>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package subscript(id: String) -> Project? { state.withLock { $0.projects[id] } }

    /// The account's projects, by name.
    package func projects(of account: AccountID) -> [Project] {
        let found = state.withLock { state in
            (state.accounts[account] ?? []).compactMap { state.projects[$0] }
        }
        return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The account's project of this name.
    ///
    /// If there is none, but the name is one of a realm's names in Huawei's dialect, it is the account's main project of that realm under the name that was
    /// asked for: so clients that are set up for any of the names find one, and its id is the same for all of them.
    package func project(named name: String, of account: AccountID, realms: [Realm]) -> Project? {
        let projects = projects(of: account)
        func isName(_ candidate: String) -> Bool { candidate.utf8.elementsEqual(name.utf8) }
        if let project = projects.first(where: { isName($0.name) }) { return project }
        guard let realm = realms.first(where: { $0.huaweiNames.contains(where: isName) }) else { return nil }
        // The main project has a name of the realm itself, the first of them if there are several.
        let main = realm.projectNames.lazy.compactMap { mainName in
            projects.first { $0.realm == realm.id && $0.name == mainName }
        }.first
        return main.map { Project(id: $0.id, account: account, realm: realm.id, name: name) }
    }

    package func note(_ project: Project) {
        state.withLock { state in
            state.projects[project.id] = project
            state.accounts[project.account, default: []].insert(project.id)
        }
    }

    package func forget(_ id: String) {
        state.withLock { state in
            guard let project = state.projects.removeValue(forKey: id) else { return }
            state.accounts[project.account]?.remove(id)
        }
    }

    /// Takes in the projects of a store.
    package func load(from store: any IdentityStore) async throws(KMSError) {
        for account in try await store.accounts() {
            for project in try await store.projects(of: account.id) { note(project) }
        }
    }
}

extension Realm {
    /// What main projects of the realm can be called, the usual name first: its names in Huawei's dialect, or its id if it has none.
    var projectNames: [String] { huaweiNames.isEmpty ? [id.name] : huaweiNames }
}
