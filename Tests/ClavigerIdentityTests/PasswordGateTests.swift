import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Dispatch
import Testing

@Suite struct PasswordGateTests {
    /// Cheaper than real ones: the gate takes the rounds from the digest.
    static let rounds = 16

    private let clock = ManualClock()
    private let naps = Naps()
    private let digest: PasswordDigest

    init() throws {
        let cost = PassphraseKey.Cost(rounds: Self.rounds, blockSize: 8, parallelism: 1)
        let derived = try PassphraseKey.derive(from: KeyMaterial("right".utf8), salt: [1, 2, 3], cost: cost)
        digest = PasswordDigest(
            salt: [1, 2, 3], rounds: Self.rounds, digest: derived.withUnsafeBytes { Array($0) })
    }

    private func gate(_ rules: PasswordGate.Rules = .init(), _ workers: WorkerPool = IdentityFixture.workers)
        -> PasswordGate
    {
        PasswordGate(rules: rules, workers: workers, random: IdentityFixture.random, clock: clock.wallClock) {
            [naps] in naps.take($0)
        }
    }

    private func attempt(_ gate: PasswordGate, _ password: String, _ name: String = "alice") async -> KMSError.Code? {
        await failure { try await gate.check(KeyMaterial(password.utf8), against: digest, name: name) }
    }

    @Test func `The right password is let through at once`() async {
        #expect(await attempt(gate(), "right") == nil)
        #expect(naps.all == [])
    }

    @Test func `Each wrong password is answered later than the one before`() async {
        let gate = gate()
        for _ in 0..<7 { #expect(await attempt(gate, "wrong") == .wrongPassword) }
        #expect(naps.all == [250, 500, 1000, 2000, 4000, 4000, 4000].map { .milliseconds($0) })
    }

    @Test func `The fifth wrong password locks the name for a quarter of an hour`() async {
        let gate = gate()
        for _ in 0..<5 { #expect(await attempt(gate, "wrong") == .wrongPassword) }
        #expect(await attempt(gate, "right") == .wrongPassword)
        clock.advance(by: .seconds(899))
        #expect(await attempt(gate, "right") == .wrongPassword)
        clock.advance(by: .seconds(1))
        #expect(await attempt(gate, "right") == nil)
    }

    @Test func `Attempts while it is locked do not lock it longer`() async {
        let gate = gate()
        for _ in 0..<5 { _ = await attempt(gate, "wrong") }
        clock.advance(by: .seconds(890))
        for _ in 0..<5 { _ = await attempt(gate, "wrong") }
        clock.advance(by: .seconds(10))
        #expect(await attempt(gate, "right") == nil)
    }

    @Test func `Wrong passwords from before the window do not count`() async {
        let gate = gate()
        for _ in 0..<4 { _ = await attempt(gate, "wrong") }
        clock.advance(by: .seconds(900))
        _ = await attempt(gate, "wrong")
        #expect(naps.all.last == .milliseconds(250))
        #expect(await attempt(gate, "right") == nil)
    }

    @Test func `The right password forgives the wrong ones before`() async {
        let gate = gate()
        for _ in 0..<3 {
            for _ in 0..<4 { #expect(await attempt(gate, "wrong") == .wrongPassword) }
            #expect(await attempt(gate, "right") == nil)
        }
    }

    @Test func `Names are locked one by one`() async {
        let gate = gate()
        for _ in 0..<5 { _ = await attempt(gate, "wrong", "alice") }
        #expect(await attempt(gate, "right", "bob") == nil)
        #expect(await attempt(gate, "right", "alice") == .wrongPassword)
    }

    @Test func `A locked name stays locked, however many others are guessed at`() async {
        let gate = PasswordGate(
            capacity: 2, workers: IdentityFixture.workers, random: IdentityFixture.random, clock: clock.wallClock
        ) { [naps] in naps.take($0) }
        for _ in 0..<5 { _ = await attempt(gate, "wrong", "alice") }
        for name in ["b", "c", "d"] {
            clock.advance(by: .seconds(1))
            #expect(await attempt(gate, "wrong", name) == .wrongPassword)
        }
        #expect(await attempt(gate, "right", "alice") == .wrongPassword)
        // Of those that are not locked the oldest gave way.
        _ = await attempt(gate, "wrong", "d")
        #expect(naps.all.last == .milliseconds(500))
        for _ in 0..<3 { _ = await attempt(gate, "wrong", "d") }
        // Nobody else can be counted now, so nobody else may try.
        #expect(await attempt(gate, "right", "e") == .throttled)
        clock.advance(by: .seconds(900))
        #expect(await attempt(gate, "right", "e") == nil)
        #expect(await attempt(gate, "right", "alice") == nil)
    }

    @Test func `A name that does not exist cannot be told from one that does`() async throws {
        let gate = gate()
        var messages: Set<String> = []
        for (name, digest) in [("nobody", nil), ("alice", digest)] {
            for _ in 0..<6 {
                let error = await #expect(throws: KMSError.self) {
                    try await gate.check(KeyMaterial("wrong".utf8), against: digest, name: name)
                }
                #expect(error?.code == .wrongPassword)
                messages.insert(error?.message ?? "")
            }
        }
        #expect(messages.count == 1)
        #expect(Array(naps.all.prefix(6)) == Array(naps.all.suffix(6)))
    }

    @Test func `Nobody is let in where there is no password`() async {
        let gate = gate()
        for password in ["", "right", "wrong"] {
            #expect(
                await failure { try await gate.check(KeyMaterial(password.utf8), against: nil, name: "nobody") }
                    == .wrongPassword)
        }
    }

    @Test func `A derivation is made even for unknown and for locked names`() async {
        let pool = WorkerPool(workers: 1)
        let gate = gate(.init(), pool)
        for _ in 0..<5 { _ = await attempt(gate, "wrong", "locked") }
        pool.close(within: .seconds(5))
        // Without threads every derivation fails, so whoever hears of a wrong password has skipped it.
        #expect(await attempt(gate, "right", "locked") == .throttled)
        #expect(
            await failure { try await gate.check(KeyMaterial("x".utf8), against: nil, name: "nobody") } == .throttled)
    }

    @Test func `An attempt that nobody could decide does not count`() async {
        let pool = WorkerPool(workers: 1)
        pool.close(within: .seconds(5))
        let gate = gate(.init(), pool)
        for _ in 0..<9 { #expect(await attempt(gate, "wrong") == .throttled) }
        #expect(naps.all == [])
    }

    @Test func `Guesses at the same time are no more than guesses one by one`() async {
        let gate = gate()
        let decided = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let code = await failure {
                        try await gate.check(KeyMaterial("guess \(index)".utf8), against: nil, name: "nobody")
                    }
                    return code == .wrongPassword
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(decided > 0)
        #expect(await attempt(gate, "right", "nobody") == (naps.all.count >= 5 ? .wrongPassword : nil))
        // Those that came while the name was locked are delayed most; of the others there are at most five.
        #expect(naps.all.filter { $0 < .seconds(4) }.count <= 4)
    }

    @Test func `The rules can be set`() async {
        var rules = PasswordGate.Rules()
        rules.attempts = 2
        rules.lockTime = .seconds(60)
        rules.firstDelay = .milliseconds(10)
        rules.longestDelay = .milliseconds(15)
        let gate = gate(rules)
        for _ in 0..<2 { _ = await attempt(gate, "wrong") }
        #expect(await attempt(gate, "right") == .wrongPassword)
        #expect(naps.all == [.milliseconds(10), .milliseconds(15), .milliseconds(15)])
        clock.advance(by: .seconds(60))
        #expect(await attempt(gate, "right") == nil)
    }

    @Test(arguments: ["", "wrong", "Right", "right ", String(repeating: "x", count: 10_000)])
    func `What is not the password is refused`(password: String) async {
        #expect(await attempt(gate(), password) == .wrongPassword)
    }
}
