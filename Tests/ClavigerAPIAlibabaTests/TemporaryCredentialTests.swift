import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIAlibaba

/// Calls with temporary credentials, whose token comes as the parameter SecurityToken or the header x-acs-security-token.
@Suite struct TemporaryCredentialTests {
    private static let malformed = "InvalidSecurityToken.Malformed"
    private static let expired = "InvalidSecurityToken.Expired"

    private let fixture: AlibabaFixture

    init() async throws {
        fixture = try await AlibabaFixture()
        _ = try await fixture.user("lister", under: [RAMPolicy.allowing(["kms:ListKeys"])])
    }

    private func replacing(_ token: String?, of client: AlibabaClient) -> AlibabaClient {
        var client = client
        client.token = token
        return client
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `They have the rights of their user, by both signatures`(form: AlibabaClient.Form) async throws {
        let client = try await fixture.temporaryClient(of: "lister")
        for _ in 0..<2 {
            #expect(try await fixture.outcome("ListKeys", client: client, form: form) == "ok")
            #expect(try await fixture.outcome("CreateKey", client: client, form: form) == "Forbidden.NoPermission")
        }
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `Without their token, or with another, they are refused`(form: AlibabaClient.Form) async throws {
        let client = try await fixture.temporaryClient(of: "lister")
        let other = try await fixture.temporaryClient(of: "lister")
        let token = try #require(client.token)
        // Once before and once after the right token was seen.
        for _ in 0..<2 {
            for wrong in [nil, "", "x", other.token, token + "A", String(token.dropLast()), token.uppercased()] {
                let outcome = try await fixture.outcome(
                    "ListKeys", client: replacing(wrong, of: client), form: form)
                #expect(outcome == Self.malformed, "\(wrong ?? "none")")
            }
            #expect(try await fixture.outcome("ListKeys", client: client, form: form) == "ok")
        }
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `Their secret must be right too`(form: AlibabaClient.Form) async throws {
        let client = try await fixture.temporaryClient(of: "lister")
        let liar = AlibabaClient(
            accessKeyID: client.accessKeyID, secret: KeyMaterial([1]), clock: fixture.clock, token: client.token)
        #expect(try await fixture.outcome("ListKeys", client: liar, form: form) == "SignatureDoesNotMatch")
    }

    @Test func `They end with their time`() async throws {
        let client = try await fixture.temporaryClient(of: "lister", lifetime: .seconds(900))
        fixture.clock.advance(by: .seconds(899))
        for form in AlibabaClient.Form.allCases {
            #expect(try await fixture.outcome("ListKeys", client: client, form: form) == "ok")
        }
        fixture.clock.advance(by: .seconds(1))
        for form in AlibabaClient.Form.allCases {
            #expect(try await fixture.outcome("ListKeys", client: client, form: form) == Self.expired)
        }
    }

    @Test func `The header with the token must be signed`() async throws {
        let client = try await fixture.temporaryClient(of: "lister")
        var draft = client.acs3("ListKeys")
        client.sign(&draft, without: ["x-acs-security-token"])
        #expect(try await fixture.answer(draft).outcome == "IncompleteSignature")
    }

    @Test func `A token that comes with an access key does not matter`() async throws {
        for form in AlibabaClient.Form.allCases {
            let client = replacing("whatever", of: fixture.client)
            #expect(try await fixture.outcome("ListKeys", client: client, form: form) == "ok")
        }
    }

    @Test func `Both kinds of credentials have nonces of their own`() async throws {
        let client = try await fixture.temporaryClient(of: "lister")
        let draft = client.v1("ListKeys", changes: [("SignatureNonce", "n")])
        #expect(try await fixture.answer(draft).outcome == "ok")
        #expect(try await fixture.answer(draft).outcome == "SignatureNonceUsed")
        let other = fixture.client.v1("ListKeys", changes: [("SignatureNonce", "n")])
        #expect(try await fixture.answer(other).outcome == "ok")
    }
}
