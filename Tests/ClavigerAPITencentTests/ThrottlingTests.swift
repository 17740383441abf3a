import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import Testing

@testable import ClavigerAPITencent

@Suite struct ThrottlingTests {
    private static let limits = RateLimits(["GetServiceStatus": 5, "Encrypt": 5])

    /// The outcomes of so many calls, one after the other.
    private func outcomes(_ count: Int, _ call: () async throws -> String) async throws -> Set<String> {
        var outcomes: Set<String> = []
        for _ in 0..<count { outcomes.insert(try await call()) }
        return outcomes
    }

    @Test func `An account that calls an action too often is refused, others and other actions are not`() async throws {
        let fixture = try await TencentFixture(rateLimits: Self.limits)
        let own = try await outcomes(60) { try await fixture.outcome(fixture.client.request("GetServiceStatus")) }
        #expect(own == ["ok", "RequestLimitExceeded"])
        #expect(try await fixture.outcome(fixture.otherClient.request("GetServiceStatus")) == "ok")
        let unlimited = try await outcomes(60) { try await fixture.outcome(fixture.client.request("ListKeys")) }
        #expect(unlimited == ["ok"])
    }

    @Test func `The legacy API is held to its rates too`() async throws {
        let fixture = try await TencentFixture(rateLimits: Self.limits)
        let parameters = JSONValue(["keyId": try await fixture.createKey(), "plaintext": "eA=="])
        let outcomes = try await outcomes(60) {
            try await fixture.legacyOutcome(fixture.client.legacyRequest("Encrypt", parameters))
        }
        #expect(outcomes == ["ok", "4400 RequestLimitExceeded"])
    }

    @Test func `Every action has the rate of the vendor's documents`() {
        let rates = Tencent.documentedRates
        #expect(Set(rates.keys) == Set((Tencent.actions + TencentLegacy.actions).map(\.name)))
        #expect(rates["Encrypt"] == 300)
        #expect(rates["CreateKey"] == 100)
        #expect(rates["ImportKeyMaterial"] == 10)
        #expect(rates["ListKeys"] == 50)
    }
}
