import ClavigerCrypto
import Testing

@testable import ClavigerAPIHuawei

@Suite struct RandomTests {
    private let fixture: HuaweiFixture

    init() async throws { fixture = try await HuaweiFixture() }

    private func random(_ bits: Int) async throws -> String {
        let answer = try await fixture.call("gen-random", #"{"random_data_length":"\#(bits)"}"#)
        return try #require(answer["random_data"]?.text)
    }

    @Test func `Random data of every length is in capitals, and as long as it shall be`() async throws {
        for bits in stride(from: 8, through: 8192, by: 8) {
            let text = try await random(bits)
            #expect(text.utf8.count == bits / 4)
            #expect(text.utf8.allSatisfy { 48...57 ~= $0 || 65...70 ~= $0 })
        }
    }

    @Test func `No length but whole bytes from 8 to 8192 bits is taken`() async throws {
        for bits in (-8...8208).filter({ $0 % 8 != 0 || $0 < 8 || $0 > 8192 }) {
            let outcome = try await fixture.outcome("gen-random", #"{"random_data_length":"\#(bits)"}"#)
            #expect(outcome == "KMS.1801", "\(bits)")
        }
    }

    @Test func `Random data never comes again, and every digit comes about as often as every other`() async throws {
        var seen: Set<String> = []
        var counts: [UInt8: Int] = [:]
        for _ in 0..<100 {
            let text = try await random(8192)
            #expect(seen.insert(text).inserted)
            for digit in text.utf8 { counts[digit, default: 0] += 1 }
        }
        // 204,800 digits: 12,800 of each are expected, and the deviation is 110.
        #expect(counts.count == 16)
        #expect(counts.values.allSatisfy { 12_000...13_600 ~= $0 }, "\(counts)")
    }

    @Test func `Random data is not in the audit log`() async throws {
        let text = try await random(256)
        let log = try fixture.auditText()
        #expect(log.contains("gen-random"))
        #expect(!log.uppercased().contains(text))
    }

    @Test func `Who has no right to random data hears nothing of lengths`() async throws {
        let (_, user) = try await fixture.user("limited", under: [HuaweiFixture.allowing(["kms:cmk:get"])])
        for bits in ["8", "7"] {
            let outcome = try await fixture.outcome(
                "gen-random", #"{"random_data_length":"\#(bits)"}"#, client: user)
            #expect(outcome == "KMS.0307")
        }
    }
}
