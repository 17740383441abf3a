import ClavigerCore
import ClavigerTesting
import Testing

@Suite struct SecretServiceDeletionTests {
    private let fixture = SecretServiceFixture()
    private var secrets: SecretService { fixture.secrets }
    private var caller: Caller { fixture.caller }
    private let name = SecretServiceFixture.name("db")

    private func schedule(_ name: String = "db", after days: Int = 7) async throws {
        try await secrets.scheduleDeletion(of: SecretServiceFixture.name(name), after: .days(days), as: caller)
    }

    private func isStored(_ name: String) async throws -> Bool {
        try await fixture.store.secret(SecretServiceFixture.name(name), in: caller.scope) != nil
    }

    @Test func `A secret that waits for its deletion is described, restored or deleted, and nothing else`() async throws
    {
        try await fixture.create()
        let before = try await fixture.describe()
        let date = fixture.clock.now + .days(7)
        let scheduled = try await secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        #expect(scheduled.deletionDate == date)
        #expect(try await fixture.describe().deletionDate == date)
        for call in SecretServiceTests.calls
        where ![.describeSecret, .restoreSecret, .deleteSecret].contains(call.permission) {
            await expect(.secretPendingDeletion) { try await call.perform(fixture, name, caller) }
        }
        await expect(.secretPendingDeletion) { try await schedule(after: 30) }
        #expect(try await fixture.describe().deletionDate == date)
        try await secrets.restore(name, as: caller)
        #expect(try await fixture.describe() == before)
        #expect(try await fixture.value() == "one")
        await expect(.secretNotPendingDeletion) { try await secrets.restore(name, as: caller) }
    }

    @Test func `A secret is there until its second, and then not even to be restored`() async throws {
        try await fixture.create()
        try await schedule()
        fixture.clock.advance(by: .days(7) - .seconds(1))
        try await secrets.restore(name, as: caller)
        try await schedule()
        fixture.clock.advance(by: .days(7))
        await expect(.secretNotFound) { try await secrets.restore(name, as: caller) }
        await expect(.secretNotFound) { _ = try await fixture.describe() }
    }

    @Test(arguments: [false, true])
    func `A secret that is deleted at once is gone, and its name is free`(isPending: Bool) async throws {
        let first = try await fixture.create()
        if isPending { try await schedule() }
        let deleted = try await secrets.deleteAtOnce(name, as: caller)
        #expect(deleted.id == first.id)
        await expect(.secretNotFound) { _ = try await fixture.describe() }
        await expect(.secretNotFound) { try await secrets.deleteAtOnce(name, as: caller) }
        let second = try await fixture.create(value: "two")
        #expect(second.id != first.id)
        #expect(try await fixture.value() == "two")
        // The caller's own call is recorded as every other.
        #expect(fixture.log.deletions.isEmpty)
    }

    @Test func `Of deletions at once exactly one deletes`() async throws {
        try await fixture.create()
        let codes = await outcomes(of: 20) { _ throws(KMSError) in
            try await secrets.deleteAtOnce(name, as: caller)
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .secretNotFound } == 19)
    }

    // MARK: due deletions

    @Test func `Secrets are deleted at their second, each recorded before`() async throws {
        for text in ["a", "b", "c"] { try await fixture.create(text) }
        try await schedule("b", after: 7)
        try await schedule("a", after: 8)
        fixture.clock.advance(by: .days(7) - .seconds(1))
        #expect(try await secrets.deleteDue().done.isEmpty)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await secrets.deleteDue().done.map(\.name.text) == ["b"])
        fixture.clock.advance(by: .days(10))
        #expect(try await secrets.deleteDue().done.map(\.name.text) == ["a"])
        #expect(try await secrets.deleteDue().done.isEmpty)
        #expect(fixture.log.deletions == ["b", "a"])
        #expect(try await isStored("c"))
        fixture.keys.seal()
        await expect(.sealed) { _ = try await secrets.deleteDue() }
    }

    @Test func `A deletion that cannot be recorded is not made`() async throws {
        try await fixture.create()
        try await schedule()
        fixture.clock.advance(by: .days(7))
        fixture.log.setBroken(true)
        await expect(.auditUnavailable) { _ = try await secrets.deleteDue() }
        await expect(.auditUnavailable) { try await fixture.create() }
        #expect(try await isStored("db"))
        fixture.log.setBroken(false)
        #expect(try await secrets.deleteDue().done.count == 1)
    }

    @Test func `A deletion that fails is recorded as failed, left alone for a minute, and keeps nobody waiting`()
        async throws
    {
        for text in ["a", "b"] {
            try await fixture.create(text)
            try await schedule(text)
        }
        fixture.clock.advance(by: .days(7))
        fixture.store.refuseDeletion(of: SecretServiceFixture.name("a"))
        let outcome = try await secrets.deleteDue()
        #expect(outcome.done.map(\.name.text) == ["b"])
        #expect(outcome.failures.map(\.secret.name.text) == ["a"])
        #expect(outcome.failures.map(\.error.code) == [.storeUnavailable])
        #expect(fixture.log.deletions == ["a", "b"])
        #expect(fixture.log.failures == ["a"])
        fixture.clock.advance(by: .seconds(59))
        _ = try await secrets.deleteDue()
        #expect(fixture.log.deletions.count == 2)
        fixture.store.refuseDeletion(of: nil)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await secrets.deleteDue().done.map(\.name.text) == ["a"])
    }

    @Test func `A secret that is restored, or replaced, while it is looked at is not deleted`() async throws {
        try await fixture.create()
        try await schedule()
        fixture.clock.advance(by: .days(7))
        // As an operator would who sets the clock back.
        fixture.store.afterReading { [fixture, secrets, name, caller] () throws(KMSError) in
            fixture.clock.advance(by: .days(-1))
            try await secrets.restore(name, as: caller)
        }
        _ = try await secrets.deleteDue()
        #expect(try await fixture.value() == "one")
    }

    // MARK: names of secrets that are gone

    @Test func `The name of a secret that is gone is free, and the old one's end is recorded once`() async throws {
        let first = try await fixture.create()
        try await schedule()
        fixture.clock.advance(by: .days(7))
        let codes = await outcomes(of: 10) { number throws(KMSError) in
            try await fixture.create(value: "value \(number)")
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .secretExists } == 9)
        #expect(fixture.log.deletions == ["db"])
        #expect(try await fixture.describe().id != first.id)
        #expect(try await fixture.value().hasPrefix("value "))
        #expect(try await secrets.deleteDue().done.isEmpty)
    }

    @Test func `A secret that has taken the place of one that is gone stays`() async throws {
        try await fixture.create()
        try await schedule()
        fixture.clock.advance(by: .days(7))
        fixture.store.afterReading { [fixture] () throws(KMSError) in try await fixture.create(value: "two") }
        await expect(.secretExists) { try await fixture.create(value: "three") }
        #expect(try await fixture.value() == "two")
        #expect(fixture.log.deletions == ["db"])
    }

    @Test func `The name of a secret that is gone, but cannot be deleted, is not free`() async throws {
        try await fixture.create()
        try await schedule()
        fixture.clock.advance(by: .days(7))
        fixture.store.refuseDeletion(of: name)
        await expect(.storeUnavailable) { try await fixture.create() }
        #expect(fixture.log.failures == ["db"])
        fixture.store.refuseDeletion(of: nil)
        try await fixture.create(value: "two")
        #expect(try await fixture.value() == "two")
    }
}
