import ClavigerCore
import ClavigerIdentity
import Synchronization
import Testing

@Suite struct RateLimiterTests {
    static let second: UInt64 = 1_000_000_000
    static let account = AccountID(1)

    private func admitted(_ limiter: RateLimiter, _ tries: Int, _ account: AccountID = account, at now: UInt64) -> Int {
        (0..<tries).count { _ in limiter.admit(0, account: account, now: now) }
    }

    @Test(arguments: [1, 2, 3, 7, 100, 300, 999, 12_345])
    func `The requests of one second can be made at once, and no more`(rate: Int) {
        let limiter = RateLimiter(RateLimits(["Encrypt": rate]), actions: ["Encrypt"])
        #expect(admitted(limiter, rate + 5, at: 5 * Self.second) == rate)
        #expect(admitted(limiter, rate + 5, at: 6 * Self.second) == rate)
        // A quiet hour saves no more than a second.
        #expect(admitted(limiter, rate + 5, at: 3606 * Self.second) == rate)
    }

    @Test func `Requests that come evenly at the rate are all let through`() {
        let limiter = RateLimiter(RateLimits(["Encrypt": 50]), actions: ["Encrypt"])
        for index in 0..<500 {
            #expect(limiter.admit(0, account: Self.account, now: Self.second + UInt64(index) * Self.second / 50))
        }
    }

    @Test func `After a burst requests come back one by one`() {
        let limiter = RateLimiter(RateLimits(["Encrypt": 10]), actions: ["Encrypt"])
        #expect(admitted(limiter, 10, at: Self.second) == 10)
        #expect(admitted(limiter, 5, at: Self.second + 99_999_999) == 0)
        #expect(admitted(limiter, 5, at: Self.second + 100_000_000) == 1)
        #expect(admitted(limiter, 5, at: Self.second + 350_000_000) == 2)
    }

    @Test func `A refused request does not count`() {
        let limiter = RateLimiter(RateLimits(["Encrypt": 10]), actions: ["Encrypt"])
        #expect(admitted(limiter, 10_000, at: Self.second) == 10)
        #expect(admitted(limiter, 1, at: Self.second + 100_000_000) == 1)
    }

    @Test func `Accounts and actions have limits of their own`() {
        let limiter = RateLimiter(RateLimits(["Encrypt": 3, "Decrypt": 2]), actions: ["Decrypt", "Encrypt", "Sign"])
        for account in [AccountID(1), AccountID(2)] {
            #expect((0..<9).count { _ in limiter.admit(0, account: account, now: 0) } == 2)
            #expect((0..<9).count { _ in limiter.admit(1, account: account, now: 0) } == 3)
            #expect((0..<9).count { _ in limiter.admit(2, account: account, now: 0) } == 9)
        }
        #expect([0, 1, 2].map { limiter.isLimited($0) } == [true, true, false])
    }

    @Test(arguments: [0, -1])
    func `A limit of nothing lets nothing through`(rate: Int) {
        let limiter = RateLimiter(RateLimits(["Encrypt": rate]), actions: ["Encrypt"])
        #expect(admitted(limiter, 3, at: Self.second) == 0)
    }

    @Test func `A clock that goes back a little gives nobody more`() {
        let limiter = RateLimiter(RateLimits(["Encrypt": 10]), actions: ["Encrypt"])
        #expect(admitted(limiter, 10, at: 2 * Self.second) == 10)
        #expect(admitted(limiter, 10, at: Self.second) == 0)
    }

    @Test func `Many threads together get no more than one`() async {
        let limiter = RateLimiter(RateLimits(["Encrypt": 1000]), actions: ["Encrypt"])
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<1000).count { _ in limiter.admit(0, account: Self.account, now: Self.second) }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 1000)
    }
}
