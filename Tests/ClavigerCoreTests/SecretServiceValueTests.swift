import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct SecretServiceValueTests {
    private let fixture = SecretServiceFixture()
    private var secrets: SecretService { fixture.secrets }
    private var caller: Caller { fixture.caller }
    private let name = SecretServiceFixture.name("db")

    // MARK: reading

    /// What somebody asks for.
    struct Question: Sendable, CustomTestStringConvertible {
        var version: String?
        var stage: String?

        var testDescription: String { "\(version ?? "-") at \(stage ?? "-")" }
    }

    private static let answers: [(Question, String)] = [
        (Question(), "three"), (Question(stage: "ACSCurrent"), "three"), (Question(stage: "ACSPrevious"), "one"),
        (Question(stage: "beta"), "two"), (Question(version: "v1"), "one"), (Question(version: "v2"), "two"),
        (Question(version: "v2", stage: "beta"), "two"), (Question(version: "v3", stage: "ACSCurrent"), "three"),
    ]

    @Test(arguments: answers)
    func `A version is found by its id, by a label, or as the current one`(
        question: Question, value: String
    ) async throws {
        try await createThree()
        #expect(try await fixture.value(version: question.version, stage: question.stage) == value)
    }

    @Test(arguments: [
        Question(version: "v4"), Question(version: "V1"), Question(stage: "gamma"), Question(stage: "acscurrent"),
        Question(version: "v2", stage: "ACSCurrent"), Question(version: "v4", stage: "ACSCurrent"),
    ])
    func `A version that is not there, or has not the label, is not found`(question: Question) async throws {
        try await createThree()
        await expect(.secretVersionNotFound) {
            _ = try await fixture.value(version: question.version, stage: question.stage)
        }
    }

    private func createThree() async throws {
        try await fixture.create(value: "one")
        try await fixture.put("two", version: "v2", stages: [SecretStage(checked: "beta")])
        fixture.clock.advance(by: .seconds(1))
        try await fixture.put("three", version: "v3")
    }

    @Test func `With the value comes what is known of the version and the secret`() async throws {
        try await createThree()
        let value = try await secrets.value(of: name, as: caller)
        #expect(value.secret == (try await fixture.describe()))
        #expect(
            value.version
                == SecretVersion(id: "v3", form: .text, createdAt: SampleKey.moment + .seconds(1), stages: [.current]))
    }

    @Test(arguments: [1, 30_720])
    func `A value comes back byte for byte`(size: Int) async throws {
        let value = RandomSource().material(size)
        _ = try await secrets.create(
            NewSecret(
                name: name, versionID: "v1", value: value, form: .binary, description: "", tags: [], key: nil),
            as: caller)
        #expect(try await secrets.value(of: name, as: caller).plaintext == value)
    }

    @Test func `What rests is sealed for its version of its secret`() async throws {
        let secret = try await fixture.create(value: "correct horse battery staple")
        let found = try await fixture.store.secretWithValue(name, in: caller.scope) { $0.version("v1") }
        let sealed = try #require(found?.value)
        let ciphertext = try Ciphertext(sealed.ciphertext)
        #expect(ciphertext.purpose == .secretValue)
        #expect(ciphertext.keyID == secret.encryptionKey.value)
        #expect(!String(decoding: sealed.ciphertext, as: UTF8.self).contains("battery"))
        // Somebody changes the store: the value of one version is put in the place of another.
        _ = try await fixture.store.changeSecret(name, in: caller.scope) { secret throws(KMSError) in
            try secret.addVersion(
                SecretVersion(id: "v2", form: .text, createdAt: SampleKey.moment, stages: []), at: SampleKey.moment)
            return [.addValue(sealed, version: "v2")]
        }
        await expect(.internalFailure) { _ = try await fixture.value(version: "v2") }
        #expect(try await fixture.value() == "correct horse battery staple")
    }

    @Test func `A secret that was deleted between two readings is one or the other, never a mixture`() async throws {
        try await fixture.create(value: "one")
        fixture.store.afterReading { [fixture, secrets, name, caller] () throws(KMSError) in
            try await secrets.deleteAtOnce(name, as: caller)
            try await fixture.create(value: "two")
        }
        #expect(try await fixture.value() == "one")
        #expect(try await fixture.value() == "two")
    }

    // MARK: putting

    @Test func `A put makes a version with its labels, and tells them`() async throws {
        try await fixture.create()
        let second = try await fixture.put("two", version: "v2")
        #expect(second.stages == [.current])
        let beta = SecretStage(checked: "beta")
        let third = try await fixture.put("three", version: "v3", form: .binary, stages: [beta])
        #expect(third == SecretVersion(id: "v3", form: .binary, createdAt: fixture.clock.now, stages: [beta]))
        #expect(try await fixture.value() == "two")
        #expect(try await fixture.value(stage: "ACSPrevious") == "one")
        #expect(try await fixture.value(stage: "beta") == "three")
    }

    @Test func `A put of the same value changes nothing, whatever labels it asks for`() async throws {
        try await fixture.create()
        try await fixture.put("two", version: "v2")
        let before = try await fixture.describe()
        fixture.clock.advance(by: .seconds(1))
        let again = try await fixture.put("one", version: "v1", stages: [.current, SecretStage(checked: "beta")])
        #expect(again == before.version("v1"))
        #expect(try await fixture.describe() == before)
    }

    @Test func `A put of the same value in another form changes nothing either`() async throws {
        try await fixture.create()
        let before = try await fixture.describe()
        #expect(try await fixture.put("one", version: "v1", form: .binary) == before.version("v1"))
        #expect(try await fixture.describe() == before)
    }

    @Test(arguments: ["two", "one ", "on", ""])
    func `A put of another value under an id that is in use is refused`(value: String) async throws {
        try await fixture.create()
        let before = try await fixture.describe()
        await expect(.secretVersionExists) { try await fixture.put(value, version: "v1") }
        #expect(try await fixture.describe() == before)
        #expect(try await fixture.value() == "one")
    }

    @Test func `A put beyond the limit of labels changes nothing`() async throws {
        try await fixture.create()
        let before = try await fixture.describe()
        let stages = (1...8).map { SecretStage(checked: "l\($0)") }
        await expect(.tooManyStages) { try await fixture.put("two", version: "v2", stages: stages) }
        #expect(try await fixture.describe() == before)
        await expect(.secretVersionNotFound) { _ = try await fixture.value(version: "v2") }
        try await fixture.put("two", version: "v2", stages: Array(stages.dropLast()))
    }

    @Test func `A hundred versions are kept, and an id that is gone can be used again`() async throws {
        try await fixture.create(value: "first")
        for number in 2...101 { try await fixture.put("value \(number)", version: "v\(number)") }
        #expect(try await fixture.describe().versions.count == 100)
        await expect(.secretVersionNotFound) { _ = try await fixture.value(version: "v1") }
        #expect(try await fixture.value(version: "v2") == "value 2")
        try await fixture.put("again", version: "v1")
        #expect(try await fixture.value() == "again")
        #expect(try await fixture.value(stage: "ACSPrevious") == "value 101")
    }

    // MARK: at the same time

    @Test func `Of puts at once with one id and different values exactly one is kept`() async throws {
        try await fixture.create()
        let codes = await outcomes(of: 20) { number throws(KMSError) in
            try await fixture.put("value \(number)", version: "v2")
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .secretVersionExists } == 19)
        #expect(try await fixture.value().hasPrefix("value "))
        #expect(try await fixture.describe().versions.count == 2)
    }

    @Test func `Puts at once of one value all succeed, and make one version`() async throws {
        try await fixture.create()
        let codes = await outcomes(of: 20) { _ throws(KMSError) in try await fixture.put("two", version: "v2") }
        #expect(codes.allSatisfy { $0 == nil })
        #expect(try await fixture.describe().versions.map(\.id) == ["v1", "v2"])
    }

    @Test func `Puts at once of different ids are all kept, and one of them is current, one previous`() async throws {
        try await fixture.create()
        let codes = await outcomes(of: 20) { number throws(KMSError) in
            try await fixture.put("value \(number)", version: "\(number)")
        }
        #expect(codes.allSatisfy { $0 == nil })
        let secret = try await fixture.describe()
        #expect(secret.versions.count == 21)
        #expect(secret.versions.flatMap(\.stages).count == 2)
        #expect(secret.versions.last?.stages == [.current])
        for number in 0..<20 { #expect(try await fixture.value(version: "\(number)") == "value \(number)") }
    }

    @Test func `A put whose version came in between compares with it`() async throws {
        try await fixture.create()
        fixture.store.afterReading { [fixture] () throws(KMSError) in
            try await fixture.put("two", version: "v2", stages: [])
        }
        #expect(try await fixture.put("two", version: "v2").stages == [])
        fixture.store.afterReading { [fixture] () throws(KMSError) in
            try await fixture.put("three", version: "v3")
        }
        await expect(.secretVersionExists) { try await fixture.put("four", version: "v3") }
        #expect(try await fixture.value() == "three")
    }

    @Test func `A put into a secret that was replaced in between is sealed for the new one`() async throws {
        try await fixture.create()
        let key = try await fixture.keys.create("own")
        fixture.store.afterReading { [fixture, secrets, name, caller] () throws(KMSError) in
            try await secrets.deleteAtOnce(name, as: caller)
            try await fixture.create(value: "other", key: key)
        }
        try await fixture.put("two", version: "v2")
        #expect(try await fixture.value() == "two")
        #expect(try await fixture.value(stage: "ACSPrevious") == "other")
        #expect(try await fixture.describe().encryptionKey == key)
    }

    @Test func `A put into a secret that was deleted, or will be, is refused`() async throws {
        try await fixture.create()
        fixture.store.afterReading { [secrets, name, caller] () throws(KMSError) in
            try await secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        }
        await expect(.secretPendingDeletion) { try await fixture.put("two", version: "v2") }
        try await secrets.restore(name, as: caller)
        fixture.store.afterReading { [secrets, name, caller] () throws(KMSError) in
            try await secrets.deleteAtOnce(name, as: caller)
        }
        await expect(.secretNotFound) { try await fixture.put("two", version: "v2") }
    }

    @Test func `A put by somebody whose right is gone in between is refused`() async throws {
        let mine = KeyTag(key: "team", value: "red")
        try await fixture.create(tags: [mine])
        let condition = PolicyCondition(
            key: .resourceTag("team"),
            demand: .test(.text([Array("red".utf8)]), isNegated: false, quantifier: nil, passesIfAbsent: false))
        let user = KeyServiceFixture.user("user", .rule(.allow, .putSecretValue, if: condition))
            .needing(.putSecretValue)
        try await fixture.put("two", version: "v2", as: user)
        fixture.store.afterReading { [secrets, name, caller] () throws(KMSError) in
            try await secrets.addTags([KeyTag(key: "team", value: "blue")], to: name, limit: 10, as: caller)
        }
        await expect(.accessDenied) { try await fixture.put("three", version: "v3", as: user) }
        #expect(try await fixture.value() == "two")
    }
}
