import ClavigerCore
import ClavigerTesting
import Testing

@Suite struct SecretTests {
    private static let now = SampleKey.moment + .seconds(5)

    /// A secret whose versions have these labels.
    private static func secret(
        _ versions: [(String, [String])], deletionDate: Timestamp? = nil, tags: [KeyTag] = []
    ) -> Secret {
        Secret(
            id: 1, scope: KeyScope(account: AccountID(1), realm: RealmID("south")), name: SecretName(checked: "db"),
            encryptionKey: KeyID(1), hasChosenKey: false, creator: IdentityNumber(1), createdAt: SampleKey.moment,
            updatedAt: SampleKey.moment, description: "old", deletionDate: deletionDate, tags: tags,
            versions: versions.map { id, stages in version(id, stages) })
    }

    private static func version(_ id: String, _ stages: [String], at moment: Timestamp = now) -> SecretVersion {
        SecretVersion(id: id, form: .text, createdAt: moment, stages: stages.map { SecretStage(checked: $0) })
    }

    /// The labels of every version, in the order of the versions.
    private static func labels(_ secret: Secret) -> [String] {
        secret.versions.map { "\($0.id): \($0.stages.map(\.name).sorted().joined(separator: " "))" }
    }

    private static func code(_ body: () throws(KMSError) -> Void) -> KMSError.Code? {
        do throws(KMSError) { try body() } catch { return error.code }
        return nil
    }

    // MARK: adding versions

    struct Addition: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: [(String, [String])]
        let stages: [String]
        let after: [String]
    }

    @Test(arguments: [
        Addition(
            testDescription: "a second version", before: [("a", ["ACSCurrent"])], stages: ["ACSCurrent"],
            after: ["a: ACSPrevious", "new: ACSCurrent"]),
        Addition(
            testDescription: "a third version", before: [("a", ["ACSPrevious"]), ("b", ["ACSCurrent"])],
            stages: ["ACSCurrent"], after: ["a: ", "b: ACSPrevious", "new: ACSCurrent"]),
        Addition(
            testDescription: "a label of one's own leaves the current version alone",
            before: [("a", ["ACSPrevious"]), ("b", ["ACSCurrent"])], stages: ["beta"],
            after: ["a: ACSPrevious", "b: ACSCurrent", "new: beta"]),
        Addition(
            testDescription: "a label is taken from the version that had it",
            before: [("a", ["beta"]), ("b", ["ACSCurrent", "gamma"])], stages: ["beta", "gamma"],
            after: ["a: ", "b: ACSCurrent", "new: beta gamma"]),
        Addition(
            testDescription: "labels of one's own stay where the current version was",
            before: [("a", ["ACSCurrent", "beta"])], stages: ["ACSCurrent"],
            after: ["a: ACSPrevious beta", "new: ACSCurrent"]),
        Addition(
            testDescription: "what was current is the previous one, whatever else is asked",
            before: [("a", ["ACSCurrent"])], stages: ["ACSPrevious", "ACSCurrent"],
            after: ["a: ACSPrevious", "new: ACSCurrent"]),
        Addition(
            testDescription: "in whatever order it is asked",
            before: [("a", ["ACSCurrent"])], stages: ["ACSCurrent", "ACSPrevious"],
            after: ["a: ACSPrevious", "new: ACSCurrent"]),
        Addition(
            testDescription: "a version without labels", before: [("a", ["ACSCurrent"])], stages: [],
            after: ["a: ACSCurrent", "new: "]),
        Addition(
            testDescription: "one label asked for twice", before: [("a", ["ACSCurrent"])], stages: ["beta", "beta"],
            after: ["a: ACSCurrent", "new: beta"]),
        Addition(
            testDescription: "labels count byte for byte", before: [("a", ["ACSCurrent", "acscurrent"])],
            stages: ["ACSCURRENT"], after: ["a: ACSCurrent acscurrent", "new: ACSCURRENT"]),
    ])
    func `A new version takes its labels from others`(addition: Addition) throws {
        var secret = Self.secret(addition.before)
        try secret.addVersion(Self.version("new", addition.stages), at: Self.now)
        #expect(Self.labels(secret) == addition.after)
        #expect(secret.updatedAt == Self.now)
        #expect(secret.version("new")?.createdAt == Self.now)
    }

    @Test(arguments: [("v\u{E9}", "ve\u{301}"), ("a", "A"), ("a", "a ")])
    func `Version ids count byte for byte`(first: String, second: String) throws {
        var secret = Self.secret([(first, ["ACSCurrent"])])
        try secret.addVersion(Self.version(second, []), at: Self.now)
        #expect(secret.versions.count == 2)
        #expect(secret.version(second)?.stages == [])
        #expect(secret.version(first)?.stages == [.current])
        #expect(Self.version(first, []) != Self.version(second, []))
    }

    @Test func `A version id cannot come twice`() {
        let before = Self.secret([("a", ["ACSCurrent"])])
        var secret = before
        #expect(
            Self.code { () throws(KMSError) in try secret.addVersion(Self.version("a", []), at: Self.now) }
                == .secretVersionExists)
        #expect(secret == before)
    }

    @Test func `Beyond a hundred versions the oldest without a label goes`() throws {
        var secret = Self.secret([("0", ["beta"]), ("1", []), ("2", ["ACSCurrent"])])
        for number in 3..<100 { try secret.addVersion(Self.version("\(number)", []), at: Self.now) }
        #expect(secret.versions.count == Secret.mostVersions)
        try secret.addVersion(Self.version("100", ["ACSCurrent"]), at: Self.now)
        #expect(secret.versions.count == Secret.mostVersions)
        #expect(secret.versions.prefix(3).map(\.id) == ["0", "2", "3"])
        try secret.addVersion(Self.version("101", ["gamma"]), at: Self.now)
        #expect(secret.versions.prefix(3).map(\.id) == ["0", "2", "4"])
        #expect(secret.versions.suffix(2).map(\.id) == ["100", "101"])
        #expect(secret.version(at: .current)?.id == "100")
        #expect(secret.version(at: .previous)?.id == "2")
    }

    // MARK: moving labels

    struct Move: Sendable, CustomTestStringConvertible {
        let stage: String
        let target: String?
        let source: String?
        var after: [String]?
        var refusal: KMSError.Code?

        var testDescription: String { "\(stage) from \(source ?? "-") to \(target ?? "-")" }
    }

    @Test(arguments: [
        Move(
            stage: "ACSCurrent", target: "a", source: nil, after: ["a: ACSCurrent", "b: beta", "c: ACSPrevious gamma"]),
        Move(
            stage: "ACSCurrent", target: "b", source: "c",
            after: ["a: ", "b: ACSCurrent beta", "c: ACSPrevious gamma"]),
        Move(
            stage: "ACSCurrent", target: "c", source: nil,
            after: ["a: ACSPrevious", "b: beta", "c: ACSCurrent gamma"]),
        Move(
            stage: "ACSPrevious", target: "b", source: nil,
            after: ["a: ", "b: ACSPrevious beta", "c: ACSCurrent gamma"]
        ),
        Move(
            stage: "beta", target: "a", source: "b", after: ["a: ACSPrevious beta", "b: ", "c: ACSCurrent gamma"]),
        Move(stage: "beta", target: nil, source: "b", after: ["a: ACSPrevious", "b: ", "c: ACSCurrent gamma"]),
        Move(stage: "beta", target: nil, source: nil, after: ["a: ACSPrevious", "b: ", "c: ACSCurrent gamma"]),
        Move(
            stage: "beta", target: "b", source: "b", after: ["a: ACSPrevious", "b: beta", "c: ACSCurrent gamma"]),
        Move(
            stage: "delta", target: "a", source: nil,
            after: ["a: ACSPrevious delta", "b: beta", "c: ACSCurrent gamma"]),
        Move(stage: "ACSCurrent", target: nil, source: "c", refusal: .invalidParameter),
        Move(stage: "ACSPrevious", target: nil, source: "a", refusal: .invalidParameter),
        Move(stage: "beta", target: "a", source: "c", refusal: .invalidParameter),
        Move(stage: "beta", target: nil, source: "c", refusal: .invalidParameter),
        Move(stage: "Beta", target: nil, source: "b", refusal: .invalidParameter),
        Move(stage: "beta", target: "x", source: nil, refusal: .secretVersionNotFound),
        Move(stage: "beta", target: "x", source: "c", refusal: .secretVersionNotFound),
        Move(stage: "beta", target: "a", source: "x", refusal: .secretVersionNotFound),
        Move(stage: "ACSCurrent", target: nil, source: "x", refusal: .secretVersionNotFound),
    ])
    func `A label goes where it is told, or stays`(move: Move) {
        let before = Self.secret([("a", ["ACSPrevious"]), ("b", ["beta"]), ("c", ["ACSCurrent", "gamma"])])
        var secret = before
        let code = Self.code { () throws(KMSError) in
            try secret.moveStage(
                SecretStage(checked: move.stage), to: move.target, from: move.source, at: Self.now)
        }
        #expect(code == move.refusal)
        if let after = move.after {
            #expect(Self.labels(secret) == after)
            #expect(secret.updatedAt == Self.now)
        } else {
            #expect(secret == before)
        }
    }

    // MARK: the limit of labels

    /// A secret with the current version and labels of one's own, eight together.
    private static let full = secret([("a", ["ACSCurrent"]), ("b", (1...7).map { "l\($0)" })])

    @Test func `Eight labels are the limit, and a ninth is refused wherever it comes from`() {
        var secret = Self.full
        #expect(
            Self.code { () throws(KMSError) in
                try secret.moveStage(SecretStage(checked: "l8"), to: "a", from: nil, at: Self.now)
            } == .tooManyStages)
        #expect(
            Self.code { () throws(KMSError) in
                try secret.addVersion(Self.version("c", ["ACSCurrent", "l8"]), at: Self.now)
            } == .tooManyStages)
        #expect(secret == Self.full)
    }

    @Test func `At the limit labels still move, and one that goes makes room`() throws {
        var secret = Self.full
        try secret.moveStage(SecretStage(checked: "l7"), to: "a", from: "b", at: Self.now)
        try secret.addVersion(Self.version("c", ["l1", "l2"]), at: Self.now)
        try secret.moveStage(SecretStage(checked: "l3"), to: nil, from: "b", at: Self.now)
        try secret.moveStage(SecretStage(checked: "l8"), to: "c", from: nil, at: Self.now)
        #expect(Self.labels(secret) == ["a: ACSCurrent l7", "b: l4 l5 l6", "c: l1 l2 l8"])
    }

    @Test func `The previous version's label comes also beyond the limit, and counts then`() throws {
        var secret = Self.full
        try secret.addVersion(Self.version("c", ["ACSCurrent"]), at: Self.now)
        #expect(secret.version(at: .previous)?.id == "a")
        try secret.addVersion(Self.version("d", ["ACSCurrent", "l1"]), at: Self.now)
        try secret.moveStage(SecretStage(checked: "l7"), to: nil, from: nil, at: Self.now)
        // The other eight are still there.
        #expect(
            Self.code { () throws(KMSError) in
                try secret.moveStage(SecretStage(checked: "l8"), to: "a", from: nil, at: Self.now)
            } == .tooManyStages)
    }

    // MARK: deletion

    /// A named change of a secret.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout Secret) throws(KMSError) -> Void
    }

    @Test(arguments: [
        Change(testDescription: "describe") { secret throws(KMSError) in try secret.describe(as: "new", at: now) },
        Change(testDescription: "add a version") { secret throws(KMSError) in
            try secret.addVersion(version("new", []), at: now)
        },
        Change(testDescription: "move a label") { secret throws(KMSError) in
            try secret.moveStage(SecretStage(checked: "beta"), to: "a", from: nil, at: now)
        },
        Change(testDescription: "add tags") { secret throws(KMSError) in
            try secret.addTags([KeyTag(key: "k", value: "v")], limit: 10, at: now)
        },
        Change(testDescription: "remove tags") { secret throws(KMSError) in
            try secret.removeTags(named: ["k"], at: now)
        },
    ])
    func `A secret whose deletion is pending stays as it is; another changes and tells when`(change: Change) throws {
        let pending = Self.secret([("a", ["ACSCurrent"])], deletionDate: Self.now + .days(7))
        var secret = pending
        #expect(Self.code { () throws(KMSError) in try change.apply(&secret) } == .secretPendingDeletion)
        #expect(secret == pending)
        try secret.restore()
        try change.apply(&secret)
        #expect(secret.updatedAt == Self.now)
    }

    @Test func `A restored secret is as it was, the time of its update included`() throws {
        let before = Self.secret([("a", ["ACSPrevious"]), ("b", ["ACSCurrent"])], tags: [KeyTag(key: "k", value: "v")])
        var secret = before
        #expect(Self.code { () throws(KMSError) in try secret.restore() } == .secretNotPendingDeletion)
        let date = Self.now + .days(7)
        try secret.scheduleDeletion(at: date)
        #expect(secret.deletionDate == date)
        #expect(
            Self.code { () throws(KMSError) in try secret.scheduleDeletion(at: date + .days(1)) }
                == .secretPendingDeletion)
        #expect(secret.deletionDate == date)
        #expect(!secret.isGone(at: date - .seconds(1)))
        #expect(secret.isGone(at: date))
        try secret.restore()
        #expect(secret == before)
        #expect(!secret.isGone(at: date))
    }

    // MARK: tags

    @Test func `Tags keep their places, are limited, and count byte for byte`() throws {
        var secret = Self.secret([], tags: [KeyTag(key: "a", value: "1"), KeyTag(key: "b", value: "2")])
        try secret.addTags([KeyTag(key: "c", value: "3"), KeyTag(key: "a", value: "4")], limit: 3, at: Self.now)
        #expect(secret.tags.map { "\($0.key)=\($0.value)" } == ["a=4", "b=2", "c=3"])
        let before = secret
        #expect(
            Self.code { () throws(KMSError) in
                try secret.addTags(
                    [KeyTag(key: "b", value: "5"), KeyTag(key: "A", value: "5")], limit: 3, at: Self.now)
            } == .tooManyTags)
        #expect(secret == before)
        // There may be more already, from another dialect.
        try secret.addTags([KeyTag(key: "b", value: "5")], limit: 1, at: Self.now)
        try secret.removeTags(named: ["a", "x", "C"], at: Self.now)
        #expect(secret.tags.map { "\($0.key)=\($0.value)" } == ["b=5", "c=3"])
    }
}
