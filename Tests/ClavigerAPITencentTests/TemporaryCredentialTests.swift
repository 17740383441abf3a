import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

@testable import ClavigerAPITencent

/// Calls with temporary credentials, in all the ways in which a token can come.
@Suite struct TemporaryCredentialTests {
    private static let refused = "AuthFailure.TokenFailure"
    private static let legacyRefused = "4105 AuthFailure.TokenFailure"
    private static let policy = PolicyDocument(
        language: .tencent,
        text: #"{"version": "2.0", "statement": {"effect": "allow", "action": "kms:ListKeys", "resource": "*"}}"#)

    private let fixture: TencentFixture

    init() async throws { fixture = try await TencentFixture() }

    /// A client with temporary credentials of a user who may list keys.
    private func client(lifetime: Duration = .seconds(3600)) async throws -> TencentClient {
        _ = try await fixture.user("lister", under: [Self.policy])
        let (service, root) = fixture.identities()
        let made = try await service.createTemporaryCredentials(forUser: "lister", lifetime: lifetime, as: root)
        return TencentClient(
            accessKeyID: made.id, secret: made.secret, clock: fixture.clock,
            token: made.token.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }

    private func replacing(_ token: String?, of client: TencentClient) -> TencentClient {
        var client = client
        client.token = token
        return client
    }

    @Test(arguments: TencentClient.Mode.allCases)
    func `They have the rights of their user, by every signature`(mode: TencentClient.Mode) async throws {
        let client = try await client()
        for _ in 0..<2 {
            #expect(try await fixture.outcome(client.request("ListKeys", mode: mode)) == "ok")
            #expect(
                try await fixture.outcome(client.request("GetRegions", mode: mode))
                    == "AuthFailure.UnauthorizedOperation")
        }
    }

    @Test func `They work in the legacy API`() async throws {
        let client = try await client()
        #expect(try await fixture.legacyOutcome(client.legacyRequest("ListKey")) == "ok")
        #expect(
            try await fixture.legacyOutcome(replacing("clv1.x", of: client).legacyRequest("ListKey"))
                == Self.legacyRefused)
    }

    @Test(arguments: TencentClient.Mode.allCases)
    func `Without their token, or with another, they are refused`(mode: TencentClient.Mode) async throws {
        let client = try await client()
        let (service, root) = fixture.identities()
        let other = try await service.createTemporaryCredentials(forUser: "lister", as: root)
        let otherToken = other.token.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let token = try #require(client.token)
        // Once before and once after the right token was seen.
        for _ in 0..<2 {
            for wrong in [nil, "", "x", otherToken, token + "A", String(token.dropLast()), token.uppercased()] {
                let outcome = try await fixture.outcome(
                    replacing(wrong, of: client).request("ListKeys", mode: mode))
                #expect(outcome == Self.refused, "\(wrong ?? "none")")
            }
            #expect(try await fixture.outcome(client.request("ListKeys", mode: mode)) == "ok")
        }
    }

    @Test func `They end with their time`() async throws {
        let client = try await client(lifetime: .seconds(900))
        fixture.clock.advance(by: .seconds(899))
        #expect(try await fixture.outcome(client.request("ListKeys")) == "ok")
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.outcome(client.request("ListKeys")) == Self.refused)
    }

    @Test func `They end when the sessions of their user are ended`() async throws {
        let client = try await client()
        #expect(try await fixture.outcome(client.request("ListKeys")) == "ok")
        let (service, root) = fixture.identities()
        try await service.endSessions(ofUser: "lister", as: root.needing(.updateUser))
        #expect(try await fixture.outcome(client.request("ListKeys")) == Self.refused)
    }

    @Test func `A token that comes with an access key does not matter`() async throws {
        for mode in TencentClient.Mode.allCases {
            let client = replacing("whatever", of: fixture.client)
            #expect(try await fixture.outcome(client.request("ListKeys", mode: mode)) == "ok")
        }
    }
}
