import ClavigerSigning
import Testing

@Suite struct NonceGuardTests {
    private let guardian = NonceGuard(window: 900)

    private func accept(_ id: String, _ timestamp: Int64, _ nonce: String, now: Int64? = nil) -> Bool {
        guardian.accept(accessKeyID: id, timestamp: timestamp, nonce: Array(nonce.utf8), now: now ?? timestamp)
    }

    @Test(arguments: [1000, 1001, 1900, 2800] as [Int64])
    func `A nonce is accepted once, whatever time comes with it`(timestamp: Int64) {
        #expect(accept("A", 1900, "1"))
        #expect(!accept("A", timestamp, "1", now: 1900))
    }

    @Test func `Another access key has nonces of its own`() {
        #expect(accept("A", 1000, "1"))
        #expect(accept("B", 1000, "1"))
        #expect(accept("A", 1000, "2"))
    }

    @Test func `Access key and nonce do not run together`() {
        #expect(accept("A1", 1000, "2"))
        #expect(accept("A", 1000, "12"))
    }

    @Test(arguments: [100, 1000, 1800, 1900] as [Int64])
    func `A nonce is remembered as long as its request could be valid`(now: Int64) {
        #expect(accept("A", 1000, "1", now: 100))
        #expect(!accept("A", 1000, "1", now: now))
        #expect(!accept("A", now, "1", now: now))
    }

    @Test func `A second use does not shorten that time`() {
        #expect(accept("A", 2800, "1", now: 1900))
        #expect(!accept("A", 1000, "1", now: 1900))
        #expect(!accept("A", 3700, "1", now: 3700))
    }

    @Test func `A nonce is free again within a minute after that`() {
        #expect(accept("A", 1000, "1"))
        #expect(accept("A", 1960, "1"))
    }

    @Test func `Moments before 1970 have minutes too`() {
        #expect(accept("A", -1, "1"))
        #expect(!accept("A", 899, "1"))
    }

    @Test func `Of equal requests at the same time one is accepted`() async {
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 { group.addTask { accept("A", 1000 + Int64(number), "1", now: 1000) } }
            return await group.reduce(0) { $1 ? $0 + 1 : $0 }
        }
        #expect(accepted == 1)
    }
}
