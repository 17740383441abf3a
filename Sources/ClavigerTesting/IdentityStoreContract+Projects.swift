import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let projects: [Check] = [
        Check("A realm has as many projects as are made, listed by realm and name") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            let more = ["cn-east_z", "cn-east_Z", "cn-east_a"].map {
                Project(id: "id \($0)", account: sample.account.id, realm: RealmID("east"), name: $0)
            }
            for project in more { try await store.insert(project) }
            #expect(
                try await store.projects(of: sample.account.id)
                    == [sample.projects[1], more[1], more[2], more[0], sample.projects[0]])
            #expect(try await store.project(more[0].id) == more[0])
            #expect(try await store.projects(of: other.account.id).count == 2)
        },
        Check("A project's name is its own in its account, whatever the realm") { store async throws in
            let sample = try await store.insertAccount(1)
            let again = Project(id: "x", account: sample.account.id, realm: RealmID("north"), name: "cn-east")
            await expect(.nameExists) { try await store.insert(again) }
            #expect(try await store.project("x") == nil)
        },
        Check("A project of no account is refused, an id that exists too") { store async throws in
            let sample = try await store.insertAccount(1)
            await expect(.accountNotFound) {
                try await store.insert(Project(id: "x", account: AccountID(2), realm: RealmID("east"), name: "a"))
            }
            await expect(.storeUnavailable) {
                try await store.insert(
                    Project(id: "east-1", account: sample.account.id, realm: RealmID("east"), name: "a"))
            }
        },
        Check("A project is deleted by its account alone") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            await expect(.projectNotFound) { try await store.deleteProject("east-1", of: other.account.id) }
            for id in ["absent", "east-1\u{0}"] {
                await expect(.projectNotFound) { try await store.deleteProject(id, of: sample.account.id) }
                #expect(try await store.project(id) == nil)
            }
            #expect(try await store.project("east-1") == sample.projects[1])
            try await store.deleteProject("east-1", of: sample.account.id)
            #expect(try await store.projects(of: sample.account.id) == [sample.projects[0]])
            #expect(try await store.projects(of: other.account.id).count == 2)
        },
    ]
}
