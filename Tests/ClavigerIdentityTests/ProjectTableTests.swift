import ClavigerCore
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct ProjectTableTests {
    private static let account = AccountID(1)
    private static let south = RealmID("south")
    private static let lab = Realm(id: RealmID("lab"), edition: .standard, tencent: [], alibaba: [], huawei: [])

    private static func project(
        _ id: String, _ name: String, _ realm: String = "south", of account: AccountID = account
    ) -> Project {
        Project(id: id, account: account, realm: RealmID(realm), name: name)
    }

    private func table(_ projects: [Project]) -> ProjectTable {
        let table = ProjectTable()
        for project in projects { table.note(project) }
        return table
    }

    // MARK: finding

    @Test func `Projects are found by id, and by account in the order of their names`() {
        let table = table([
            Self.project("1", "b"), Self.project("2", "a"), Self.project("3", "c", of: AccountID(2)),
        ])
        #expect(table["1"]?.name == "b")
        #expect(table["4"] == nil && table[""] == nil)
        #expect(table.projects(of: Self.account).map(\.id) == ["2", "1"])
        #expect(table.projects(of: AccountID(3)).isEmpty)
        table.forget("2")
        table.forget("2")
        #expect(table["2"] == nil)
        #expect(table.projects(of: Self.account).map(\.id) == ["1"])
        #expect(table.projects(of: AccountID(2)).map(\.id) == ["3"])
    }

    @Test func `The projects of all accounts of a store are taken in`() async throws {
        let fixture = try await IdentityFixture()
        let other = try await fixture.otherAccount()
        let table = ProjectTable()
        try await table.load(from: fixture.store)
        #expect(Set(table.projects(of: other.account.id)) == Set(other.projects))
        #expect(Set(table.projects(of: fixture.first.account.id)) == Set(fixture.first.projects))
    }

    @Test(
        arguments: [
            // The exact name, and another name of the realm for the main project.
            (["ae-ad-1"], "ae-ad-1", "ae-ad-1"), (["ae-ad-1"], "cn-south-1", "ae-ad-1"),
            (["cn-south-1"], "ae-ad-1", "cn-south-1"), (["ae-ad-1", "cn-south-1"], "cn-south-1", "cn-south-1"),
            (["ae-ad-1", "cn-south-1"], "ae-ad-1", "ae-ad-1"), (["ae-ad-1", "ae-ad-1_x"], "cn-south-1", "ae-ad-1"),
            (["ae-ad-1_x"], "ae-ad-1_x", "ae-ad-1_x"),
            // Only the main project has other names, and only those of its realm.
            (["ae-ad-1_x"], "ae-ad-1", nil), (["ae-ad-1"], "cn-south-1_x", nil), (["ae-ad-1"], "cn-east-3", nil),
            (["ae-ad-1"], "ae-ad", nil), (["ae-ad-1"], "AE-AD-1", nil), (["ae-ad-1"], "", nil),
            (["ae-ad-1"], "south", nil), (["ae-ad-1"], "ap-guangzhou", nil), ([], "ae-ad-1", nil),
        ] as [([String], String, String?)])
    func `A project is found by every name of its region`(names: [String], asked: String, found: String?) {
        let table = table(names.map { Self.project("id of \($0)", $0) } + [Self.project("x", asked, of: AccountID(2))])
        let project = table.project(named: asked, of: Self.account, realms: Realm.builtIn)
        #expect(project?.id == found.map { "id of \($0)" })
        if let project { #expect(project == Self.project(project.id, asked)) }
    }

    @Test func `A name of one region does not find what is called so in another`() {
        let table = table([Self.project("1", "ae-ad-1", "east")])
        #expect(table.project(named: "cn-south-1", of: Self.account, realms: Realm.builtIn) == nil)
        #expect(table.project(named: "ae-ad-1", of: Self.account, realms: Realm.builtIn)?.id == "1")
    }

    @Test func `A name counts to the byte`() {
        let table = table([Self.project("1", "lab_K", "lab")])
        #expect(table.project(named: "lab_\u{212A}", of: Self.account, realms: [Self.lab]) == nil)
        #expect(table.project(named: "lab_K", of: Self.account, realms: [Self.lab])?.id == "1")
    }

    // MARK: making

    @Test func `Every account gets a project in each region where it has none`() async throws {
        let fixture = try await IdentityFixture()
        let other = try await fixture.otherAccount()
        let north = Realm(
            id: RealmID("far-north"), edition: .standard, tencent: [], alibaba: [], huawei: ["no-1", "no-2"])
        let realms = Realm.builtIn + [Self.lab, north]
        let table = ProjectTable()
        try await table.load(from: fixture.store)
        let made = try await table.ensureProjects(
            in: fixture.store, realms: realms, random: IdentityFixture.random)
        #expect(made.map(\.name) == ["lab", "no-1", "lab", "no-1"])
        #expect(Set(made.map(\.id)).count == 4 && made.allSatisfy { $0.id.utf8.count == 32 })
        #expect(
            made.map(\.account) == [fixture.first, fixture.first, other, other].map(\.account.id))
        for project in made {
            #expect(table[project.id] == project)
            #expect(try await fixture.store.project(project.id) == project)
        }
        let again = try await table.ensureProjects(in: fixture.store, realms: realms, random: IdentityFixture.random)
        #expect(again.isEmpty)
        #expect(table.projects(of: other.account.id).count == 6)
    }

    @Test(
        arguments: [
            // Any project of the realm is enough.
            ([("south", "ae-ad-1_x")], []), ([("south", "cn-south-1")], []), ([], ["ae-ad-1"]),
            // A name that moved from one realm to another is in use.
            ([("east", "ae-ad-1")], ["cn-south-1"]), ([("east", "cn-south-1")], ["ae-ad-1"]),
            ([("east", "ae-ad-1"), ("east", "cn-south-1")], []),
        ] as [([(String, String)], [String])])
    func `A region's project has a name that no other has`(
        present: [(realm: String, name: String)], expected: [String]
    ) async throws {
        let fixture = try await IdentityFixture()
        let account = fixture.first.account.id
        for project in fixture.first.projects { try await fixture.store.deleteProject(project.id, of: account) }
        for (index, project) in present.enumerated() {
            try await fixture.store.insert(Self.project("\(index)", project.name, project.realm, of: account))
        }
        let table = ProjectTable()
        try await table.load(from: fixture.store)
        let made = try await table.ensureProjects(
            in: fixture.store, realms: [Realm.builtIn[0]], random: IdentityFixture.random)
        #expect(made.map(\.name) == expected)
        #expect(made.allSatisfy { $0.realm == Self.south })
    }

    // MARK: changes

    @Test func `The table knows every change of a project at once`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.service.createProject(
            named: "cn-east-3_x", region: "east", as: fixture.root(.createProject))
        #expect(fixture.projects[made.id] == made)
        try await fixture.service.deleteProject(made.id, as: fixture.root(.deleteProject))
        #expect(fixture.projects[made.id] == nil)
        let other = try await fixture.otherAccount()
        #expect(Set(fixture.projects.projects(of: other.account.id)) == Set(other.projects))
    }

    @Test func `What was refused leaves the table as it is`() async throws {
        let fixture = try await IdentityFixture()
        let before = fixture.projects.projects(of: fixture.first.account.id)
        #expect(
            await failure {
                try await fixture.service.createProject(
                    named: "cn-east-3", region: "east", as: fixture.root(.createProject))
            } == .nameExists)
        await fixture.store.close()
        #expect(
            await failure {
                try await fixture.service.createProject(
                    named: "cn-east-3_x", region: "east", as: fixture.root(.createProject))
            } == .storeUnavailable)
        #expect(fixture.projects.projects(of: fixture.first.account.id) == before)
    }
}
