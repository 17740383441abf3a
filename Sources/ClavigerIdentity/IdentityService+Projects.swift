package import ClavigerCore

extension IdentityService {
    private static let longestProjectName = 64

    /// A page of the account's projects, by name.
    package func projects(
        after name: String?, limit: Int, as caller: Caller
    ) async throws(KMSError) -> Page<Project> {
        try caller.require(on: .all(.project))
        let projects = try await store.projects(of: caller.principal.account).filter { $0.name > name ?? "" }
            .sorted { $0.name < $1.name }
        return Page(projects, limit: limit, name: \.name)
    }

    /// Makes a project in a realm.
    ///
    /// - Parameters:
    ///   - name: a name of the realm in Huawei's dialect, or that, `_` and a word.
    ///   - region: any name of the realm.
    /// - Throws: `.unknownRealm`, `.invalidName`, `.nameExists`.
    package func createProject(
        named name: String, region: String, as caller: Caller
    ) async throws(KMSError) -> Project {
        try caller.require(on: .all(.project))
        let realm = try realm(named: region)
        try checkProjectName(name, in: realm)
        let project = Project(id: makeID(), account: caller.principal.account, realm: realm.id, name: name)
        try await changeProject(project.id) { () throws(KMSError) in try await store.insert(project) }
        knownProjects.note(project)
        return project
    }

    /// - Throws: `.projectNotFound`.
    package func deleteProject(_ id: String, as caller: Caller) async throws(KMSError) {
        let project = try await store.project(id)
        guard let project, project.account == caller.principal.account else {
            // Only rights to projects in general cover one that does not exist.
            try caller.require(on: .all(.project))
            throw KMSError(.projectNotFound, "no project of the account has this id")
        }
        try caller.require(on: AccessResource(.project, .text(project.name)))
        try await changeProject(id) { () throws(KMSError) in
            try await store.deleteProject(id, of: caller.principal.account)
        }
        knownProjects.forget(id)
    }

    private func changeProject(_ id: String, _ body: () async throws(KMSError) -> Void) async throws(KMSError) {
        do throws(KMSError) {
            try await body()
        } catch {
            // A store that does not answer may have made the change. If it does not answer now either, the table stays as it is.
            if error.code == .storeUnavailable { try? await readProject(id) }
            throw error
        }
    }

    private func readProject(_ id: String) async throws(KMSError) {
        if let project = try await store.project(id) { knownProjects.note(project) } else { knownProjects.forget(id) }
    }

    private func checkProjectName(_ name: String, in realm: Realm) throws(KMSError) {
        let names = realm.huaweiNames.isEmpty ? [realm.id.name] : realm.huaweiNames
        let isOfRealm = names.contains { region in
            guard name != region else { return true }
            guard name.hasPrefix(region + "_") else { return false }
            let word = name.utf8.dropFirst(region.utf8.count + 1)
            return !word.isEmpty && word.allSatisfy(Self.isOfWord)
        }
        guard isOfRealm, name.utf8.count <= Self.longestProjectName else {
            throw KMSError(
                .invalidName,
                "the name of a project in this region is \(names[0]), or \(names[0])_ and a word, and has at most "
                    + "\(Self.longestProjectName) characters")
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
