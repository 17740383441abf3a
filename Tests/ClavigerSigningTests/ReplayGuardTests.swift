import ClavigerSigning
import Testing

@Suite struct ReplayGuardTests {
    private let guardian = ReplayGuard(window: 300)

    private func accept(_ id: String, _ timestamp: Int64, _ nonce: String, now: Int64? = nil) -> Bool {
        guardian.accept(accessKeyID: id, timestamp: timestamp, nonce: Array(nonce.utf8), now: now ?? timestamp)
    }

    @Test func `A request is accepted once`() {
        #expect(accept("A", 1000, "1"))
        #expect(!accept("A", 1000, "1"))
        #expect(!accept("A", 1000, "1", now: 1300))
    }

    @Test func `Another access key, second or nonce is another request`() {
        #expect(accept("A", 1000, "1"))
        #expect(accept("B", 1000, "1"))
        #expect(accept("A", 1001, "1"))
        #expect(accept("A", 1000, "2"))
        #expect(accept("A", 1000, "11"))
    }

    @Test func `Access key and nonce do not run together`() {
        #expect(accept("A1", 1000, "2"))
        #expect(accept("A", 1000, "12"))
    }

    @Test(arguments: [700, 900, 1000, 1299, 1300] as [Int64])
    func `A request is remembered as long as its timestamp is inside of the window`(now: Int64) {
        #expect(accept("A", 1000, "1", now: 700))
        #expect(!accept("A", 1000, "1", now: now))
    }

    @Test func `Requests outside of the window are forgotten`() {
        for number in 0..<1000 { #expect(accept("A", 1000, "\(number)")) }
        #expect(accept("A", 1500, "x", now: 1500))
        // Nobody asks so late but this test: the timestamp is refused before.
        #expect(accept("A", 1000, "1", now: 1500))
    }

    @Test func `Of equal requests at the same time one is accepted`() async {
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { accept("A", 1000, "1") } }
            return await group.reduce(0) { $1 ? $0 + 1 : $0 }
        }
        #expect(accepted == 1)
    }
}
