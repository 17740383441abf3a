import ClavigerAPI
import ClavigerCrypto
import ClavigerTesting
import Crypto
import Foundation
import NIOHTTP1
import Testing

@testable import ClavigerAPIAlibaba

/// The contract's section 2: who is let in, and in which order a request is checked.
@Suite struct AuthenticationTests {
    private static let action = "DescribeRegions"

    private let fixture: AlibabaFixture
    private var client: AlibabaClient { fixture.client }

    init() async throws { fixture = try await AlibabaFixture() }

    /// A call in the older generation, with other common parameters.
    private func v1(
        _ changes: [(String, String?)] = [], _ form: AlibabaClient.Form = .v1Post, action: String = action,
        client: AlibabaClient? = nil
    ) -> AlibabaDraft {
        (client ?? self.client).v1(action, form: form, changes: changes)
    }

    /// A call in the newer generation, with other headers, signed after the change.
    private func acs3(
        _ changes: [(String, String?)] = [], action: String = action, client: AlibabaClient? = nil
    ) -> AlibabaDraft {
        let client = client ?? self.client
        var draft = client.acs3(action)
        for (name, value) in changes { draft.set(name, value) }
        client.sign(&draft)
        return draft
    }

    // MARK: every form

    @Test(arguments: AlibabaClient.Form.allCases)
    func `Both signatures are right wherever the parameters are`(form: AlibabaClient.Form) async throws {
        let parameters = [
            ("RegionId", "cn-hangzhou"), ("Empty", ""), ("Text", "a b*c~d/雪+&=%"), ("SecretData", "p&=+ %"),
        ]
        let answer = try await fixture.answer(client.request(Self.action, parameters, form: form))
        #expect(answer.outcome == "ok", "\(answer.text)")
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `Another secret is refused`(form: AlibabaClient.Form) async throws {
        let liar = AlibabaClient(
            accessKeyID: client.accessKeyID, secret: KeyMaterial(Array("another".utf8)), clock: fixture.clock)
        #expect(try await fixture.outcome(Self.action, client: liar, form: form) == "SignatureDoesNotMatch")
    }

    @Test(arguments: AlibabaClient.Form.allCases, ["LTAInobody", "ltaifirst", "LTAIfirst0", "x"])
    func `An unknown access key is refused`(form: AlibabaClient.Form, id: String) async throws {
        let stranger = AlibabaClient(accessKeyID: id, secret: AlibabaFixture.secret, clock: fixture.clock)
        #expect(try await fixture.outcome(Self.action, client: stranger, form: form) == "InvalidAccessKeyId.NotFound")
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `A disabled access key is refused`(form: AlibabaClient.Form) async throws {
        let outcome = try await fixture.outcome(Self.action, client: fixture.disabledClient, form: form)
        #expect(outcome == "Forbidden.AccessKey")
    }

    // MARK: what is missing or wrong

    @Test(
        arguments: [
            ("Action", nil, "MissingParameter"), ("Action", "", "MissingParameter"),
            ("Version", nil, "MissingParameter"), ("Version", "", "MissingParameter"),
            ("AccessKeyId", nil, "MissingParameter"), ("AccessKeyId", "", "MissingParameter"),
            ("SignatureMethod", nil, "IncompleteSignature"), ("SignatureMethod", "HMAC-SHA256", "IncompleteSignature"),
            ("SignatureMethod", "hmac-sha1", "IncompleteSignature"), ("SignatureVersion", nil, "IncompleteSignature"),
            ("SignatureVersion", "2.0", "IncompleteSignature"), ("SignatureVersion", "1", "IncompleteSignature"),
            ("Timestamp", nil, "IllegalTimestamp"), ("Timestamp", "", "IllegalTimestamp"),
            ("Timestamp", "1700000000", "InvalidTimeStamp.Format"),
            ("Timestamp", "2023-11-14 22:13:20", "InvalidTimeStamp.Format"),
            ("Timestamp", "2023-11-14T22:13:20", "InvalidTimeStamp.Format"),
            ("Timestamp", "2023-11-14T22:13:20.000Z", "InvalidTimeStamp.Format"),
            ("Timestamp", "2023-11-14T22:13:20+00:00", "InvalidTimeStamp.Format"),
            ("Timestamp", "2023-13-14T22:13:20Z", "InvalidTimeStamp.Format"),
            ("Version", "2014-03-28", "InvalidVersion"), ("Version", "2016-01-20 ", "InvalidVersion"),
            ("Action", "NoAction", "InvalidAction.NotFound"), ("Action", "describeRegions", "InvalidAction.NotFound"),
            ("Action", "DescribeRegions ", "InvalidAction.NotFound"),
            ("SignatureNonce", nil, "ok"), ("SignatureNonce", "", "ok"), ("SignatureType", "", "ok"),
        ] as [(String, String?, String)])
    func `Each common parameter is looked at`(name: String, value: String?, outcome: String) async throws {
        for form in [AlibabaClient.Form.v1Post, .v1Get, .v1Form] {
            try await fixture.expect(outcome, v1([(name, value)], form), "\(form)")
        }
    }

    @Test(
        arguments: [
            ("x-acs-action", nil, "MissingParameter"), ("x-acs-action", "", "MissingParameter"),
            ("x-acs-version", nil, "MissingParameter"), ("x-acs-signature-nonce", nil, "MissingParameter"),
            ("x-acs-date", nil, "IllegalTimestamp"), ("x-acs-date", "", "IllegalTimestamp"),
            ("x-acs-date", "20231114T221320Z", "InvalidTimeStamp.Format"),
            ("x-acs-date", "Tue, 14 Nov 2023 22:13:20 GMT", "InvalidTimeStamp.Format"),
            ("x-acs-version", "2014-03-28", "InvalidVersion"), ("x-acs-action", "NoAction", "InvalidAction.NotFound"),
            ("x-acs-action", "describeregions", "InvalidAction.NotFound"), ("host", nil, "IncompleteSignature"),
            ("user-agent", nil, "ok"), ("x-acs-whatever", "1", "ok"), ("accept", "a  b", "ok"),
        ] as [(String, String?, String)])
    func `Each common header is looked at`(name: String, value: String?, outcome: String) async throws {
        try await fixture.expect(outcome, acs3([(name, value)]))
    }

    @Test func `A parameter Signature that is missing, empty or altered is told`() async throws {
        for (signature, outcome) in [
            (nil, "IncompleteSignature"), ("", "IncompleteSignature"), ("x", "SignatureDoesNotMatch"),
            ("AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "SignatureDoesNotMatch"),
        ] {
            var draft = v1()
            draft.query.removeAll { $0.0 == "Signature" }
            if let signature { draft.query.append(("Signature", signature)) }
            try await fixture.expect(outcome, draft, "\(signature ?? "none")")
        }
        var draft = v1()
        let last = draft.query.count - 1
        draft.query[last].1 += "\n"
        try await fixture.expect("SignatureDoesNotMatch", draft)
        draft = v1()
        draft.query[last].1 = draft.query[last].1.replacing("=", with: "")
        try await fixture.expect("SignatureDoesNotMatch", draft)
    }

    @Test(arguments: [
        "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 ", "ACS3-HMAC-SHA256 Credential=LTAIfirst",
        "ACS3-HMAC-SHA256 Credential=LTAIfirst,SignedHeaders=host,Signature=xyz",
        "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=\(String(repeating: "0", count: 64))",
        "ACS3-HMAC-SM3 Credential=LTAIfirst,SignedHeaders=host,Signature=\(String(repeating: "0", count: 64))",
        "ACS3-RSA-SHA256 x",
    ])
    func `An Authorization that cannot be read is told`(header: String) async throws {
        var draft = client.acs3(Self.action)
        draft.set("Authorization", header)
        try await fixture.expect("IncompleteSignature", draft)
    }

    @Test func `There may be blanks behind the commas of Authorization`() async throws {
        var draft = client.acs3(Self.action)
        draft.set("Authorization", draft.header("Authorization")?.replacing(",", with: ",  "))
        try await fixture.expect("ok", draft)
    }

    @Test(arguments: [
        "host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256",
        "x-acs-other",
    ])
    func `Host and the vendor's own headers must be signed`(name: String) async throws {
        var draft = client.acs3(Self.action)
        draft.set("X-Acs-Other", "1")
        client.sign(&draft)
        try await fixture.expect("ok", draft)
        draft.set("x-acs-signature-nonce", UUID().uuidString)
        client.sign(&draft, without: [name])
        try await fixture.expect("IncompleteSignature", draft)
    }

    @Test(arguments: ["content-type", "user-agent", "accept"])
    func `Other headers need not be signed`(name: String) async throws {
        var draft = client.acs3(Self.action)
        draft.set("Content-Type", "application/octet-stream")
        client.sign(&draft, without: [name])
        try await fixture.expect("ok", draft)
    }

    @Test func `A signed header must be there, once, and as it was signed`() async throws {
        var draft = client.acs3(Self.action)
        draft.set("accept", nil)
        try await fixture.expect("IncompleteSignature", draft)
        draft = client.acs3(Self.action)
        draft.headers.append(("Accept", "application/json"))
        try await fixture.expect("IncompleteSignature", draft)
        draft = client.acs3(Self.action)
        draft.headers.append(("X-Acs-Action", Self.action))
        try await fixture.expect("IncompleteSignature", draft)
        draft = client.acs3(Self.action)
        draft.set("accept", "*/*")
        try await fixture.expect("SignatureDoesNotMatch", draft)
        draft = client.acs3(Self.action)
        draft.set("accept", "  application/json  ")
        try await fixture.expect("ok", draft)
        draft = client.acs3(Self.action)
        draft.set("Host", "127.0.0.1")
        try await fixture.expect("SignatureDoesNotMatch", draft)
    }

    @Test func `The body must have the hash that is signed`() async throws {
        let parameters = [("SecretName", "a"), ("SecretData", "b"), ("VersionId", "v1")]
        var draft = client.acs3("PutSecretValue", parameters)
        draft.rawBody = Array("SecretData=c".utf8)
        try await fixture.expect("SignatureDoesNotMatch", draft)
        draft = client.acs3(Self.action)
        draft.set("x-acs-content-sha256", nil)
        try await fixture.expect("IncompleteSignature", draft)
        let hash = ACS3Hash.text(of: [])
        for (wrong, outcome) in [
            (hash, "ok"), (hash.uppercased(), "SignatureDoesNotMatch"), ("UNSIGNED-PAYLOAD", "SignatureDoesNotMatch"),
            (ACS3Hash.text(of: [1]), "SignatureDoesNotMatch"),
        ] {
            draft = client.acs3(Self.action)
            client.sign(&draft, hash: wrong)
            try await fixture.expect(outcome, draft, "\(wrong)")
        }
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `All that is sent is signed`(form: AlibabaClient.Form) async throws {
        func draft() -> AlibabaDraft {
            let parameters = [("RegionId", "cn-hangzhou")]
            return form.isACS3
                ? client.acs3(Self.action, parameters, form: form) : client.v1(Self.action, parameters, form: form)
        }
        var altered = draft()
        altered.query.append(("Further", "1"))
        try await fixture.expect("SignatureDoesNotMatch", altered)
        altered = draft()
        altered.form.append(("Further", ""))
        try await fixture.expect("SignatureDoesNotMatch", altered)
        altered = draft()
        altered.query = altered.query.map { $0.0 == "RegionId" ? ($0.0, "cn-beijing") : $0 }
        altered.form = altered.form.map { $0.0 == "RegionId" ? ($0.0, "cn-beijing") : $0 }
        try await fixture.expect("SignatureDoesNotMatch", altered)
        altered = draft()
        altered.method = altered.method == .GET ? .POST : .GET
        try await fixture.expect("SignatureDoesNotMatch", altered)
    }

    @Test func `The older SDK's headers do not count beside its parameters`() async throws {
        var draft = v1()
        draft.headers += [("x-acs-action", "CreateKey"), ("x-acs-version", "2000-01-01"), ("x-acs-region-id", "x")]
        let answer = try await fixture.answer(draft)
        #expect(answer.body.value(at: "Regions.Region.0.RegionId")?.text == "cn-hangzhou", "\(answer.text)")
    }

    // MARK: what a mismatch tells

    /// What the older SDK computes: section 2.1, by nothing that the server uses.
    private static func stringToSign(_ method: String, _ parameters: [(String, String)]) throws -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
        func encoded(_ text: String) throws -> String {
            try #require(text.addingPercentEncoding(withAllowedCharacters: unreserved))
        }
        let pairs = try parameters.filter { $0.0 != "Signature" }.sorted { $0.0 < $1.0 }
            .map { "\(try encoded($0.0))=\(try encoded($0.1))" }
        return "\(method)&%2F&\(try encoded(pairs.joined(separator: "&")))"
    }

    @Test(arguments: [AlibabaClient.Form.v1Post, .v1Get, .v1Form, .v1Split])
    func `A mismatch tells the older SDK what the server has signed, between the first two colons`(
        form: AlibabaClient.Form
    ) async throws {
        let liar = AlibabaClient(
            accessKeyID: client.accessKeyID, secret: KeyMaterial(Array("another".utf8)), clock: fixture.clock)
        let draft = liar.v1("CreateKey", [("Description", "a b*c~d/雪:+"), ("Empty", "")], form: form)
        let answer = try await fixture.answer(draft)
        #expect(answer.outcome == "SignatureDoesNotMatch")
        let expected = try Self.stringToSign(draft.method.rawValue, draft.query + draft.form)
        let parts = answer.message.split(separator: ":", omittingEmptySubsequences: false)
        #expect(
            parts[0] == "Specified signature is not matched with our calculation. server string to sign is")
        #expect(parts.count == 2 && parts.last.map(String.init) == expected, "\(answer.message)")
    }

    @Test func `A mismatch tells the newer SDK what the server has signed`() async throws {
        let liar = AlibabaClient(
            accessKeyID: client.accessKeyID, secret: KeyMaterial(Array("another".utf8)), clock: fixture.clock)
        let draft = liar.acs3("CreateKey", [("Description", "a b*c~d/雪"), ("Empty", "")])
        let answer = try await fixture.answer(draft)
        let names = [
            "accept", "host", "user-agent", "x-acs-action", "x-acs-content-sha256", "x-acs-date",
            "x-acs-signature-nonce", "x-acs-version",
        ]
        let headers = names.map { "\($0):\(draft.header($0) ?? "")\n" }.joined()
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let canonical =
            "POST\n/\nDescription=a%20b%2Ac~d%2F%E9%9B%AA&Empty=\n\(headers)\n\(names.joined(separator: ";"))\n\(empty)"
        #expect(answer.outcome == "SignatureDoesNotMatch")
        let expected = "ACS3-HMAC-SHA256\n" + ACS3Hash.text(of: Array(canonical.utf8))
        #expect(answer.message.hasSuffix("server string to sign is:\(expected)"), "\(answer.message)")
    }

    @Test func `The older SDK's message stays well formed in XML`() async throws {
        let liar = AlibabaClient(accessKeyID: client.accessKeyID, secret: KeyMaterial([1]), clock: fixture.clock)
        let draft = liar.v1("CreateKey", [("Description", "<&>"), ("Format", "XML")])
        let answer = try await fixture.answer(draft, isXML: true)
        #expect(answer.message.hasSuffix(":\(try Self.stringToSign("POST", draft.query))"))
    }

    // MARK: time

    @Test(arguments: [-901, -900, -1, 0, 900, 901, -86400, 86400] as [Int64])
    func `The clock may be fifteen minutes off`(seconds: Int64) async throws {
        let outcome = abs(seconds) <= 900 ? "ok" : "InvalidTimeStamp.Expired"
        let date = client.date(off: seconds)
        try await fixture.expect(outcome, v1([("Timestamp", date)]))
        try await fixture.expect(outcome, acs3([("x-acs-date", date)]))
    }

    // MARK: nonces

    private func nonces(_ nonce: String, date: String? = nil) -> [AlibabaDraft] {
        let date = date ?? client.date()
        return [
            v1([("SignatureNonce", nonce), ("Timestamp", date)]),
            v1([("SignatureNonce", nonce), ("Timestamp", date)], .v1Form),
            acs3([("x-acs-signature-nonce", nonce), ("x-acs-date", date)]),
        ]
    }

    @Test func `A nonce counts once, in both generations together`() async throws {
        for index in 0..<3 {
            let nonce = "nonce-\(index)"
            try await fixture.expect("ok", nonces(nonce)[index])
            for again in nonces(nonce) { try await fixture.expect("SignatureNonceUsed", again) }
        }
    }

    @Test(arguments: [-600, -1, 1, 600] as [Int64])
    func `A nonce counts once whatever time comes with it`(seconds: Int64) async throws {
        try await fixture.expect("ok", nonces("n")[0])
        for again in nonces("n", date: client.date(off: seconds)) {
            try await fixture.expect("SignatureNonceUsed", again)
        }
    }

    @Test func `A nonce is another access key's too`() async throws {
        try await fixture.expect("ok", nonces("n")[0])
        try await fixture.expect("ok", v1([("SignatureNonce", "n")], client: fixture.otherClient))
        try await fixture.expect("SignatureNonceUsed", v1([("SignatureNonce", "n")], client: fixture.otherClient))
    }

    @Test func `A request cannot be sent again as long as its time could be valid`() async throws {
        let draft = nonces("n", date: client.date(off: 900))[2]
        try await fixture.expect("ok", draft)
        fixture.clock.advance(by: .seconds(1))
        try await fixture.expect("SignatureNonceUsed", draft)
        fixture.clock.advance(by: .seconds(1799))
        try await fixture.expect("SignatureNonceUsed", draft)
        fixture.clock.advance(by: .seconds(1))
        try await fixture.expect("InvalidTimeStamp.Expired", draft)
    }

    @Test func `After its time a nonce may be used again`() async throws {
        try await fixture.expect("ok", nonces("n")[0])
        // They are forgotten minute by minute.
        fixture.clock.advance(by: .seconds(961))
        try await fixture.expect("ok", nonces("n")[1])
        try await fixture.expect("SignatureNonceUsed", nonces("n")[2])
    }

    @Test func `A nonce is used up by a right signature alone`() async throws {
        let liar = AlibabaClient(accessKeyID: client.accessKeyID, secret: KeyMaterial([1]), clock: fixture.clock)
        for _ in 0..<2 {
            try await fixture.expect("SignatureDoesNotMatch", v1([("SignatureNonce", "n")], client: liar))
            try await fixture.expect("SignatureDoesNotMatch", acs3([("x-acs-signature-nonce", "n")], client: liar))
        }
        try await fixture.expect("InvalidTimeStamp.Expired", nonces("n", date: client.date(off: -901))[0])
        try await fixture.expect("ok", nonces("n")[0])
    }

    @Test func `A nonce is used up by a call that is refused for something else`() async throws {
        try await fixture.expect("InvalidVersion", v1([("SignatureNonce", "n"), ("Version", "2000-01-01")]))
        try await fixture.expect("SignatureNonceUsed", nonces("n")[0])
        try await fixture.expect("InvalidAction.NotFound", v1([("SignatureNonce", "m")], action: "NoAction"))
        try await fixture.expect("SignatureNonceUsed", nonces("m")[2])
    }

    @Test(arguments: [nil, ""] as [String?])
    func `In the older generation requests without a nonce can be sent again`(nonce: String?) async throws {
        let draft = v1([("SignatureNonce", nonce)])
        for _ in 0..<3 { try await fixture.expect("ok", draft) }
    }

    @Test func `Of many copies at once exactly one passes`() async throws {
        // So that all find the credential at hand.
        try await fixture.expect("ok", v1())
        for index in 0..<3 {
            let request = nonces("nonce-\(index)")[index].wire()
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<64 { group.addTask { try await fixture.answer(request).outcome } }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == "ok" } == 1)
            #expect(outcomes.count { $0 == "SignatureNonceUsed" } == 63)
        }
    }

    // MARK: the order

    @Test func `Presence comes before the access key, this before time, time before the signature`() async throws {
        let stranger = AlibabaClient(accessKeyID: "LTAInobody", secret: KeyMaterial([1]), clock: fixture.clock)
        let late = client.date(off: -10_000)
        let liar = AlibabaClient(accessKeyID: client.accessKeyID, secret: KeyMaterial([1]), clock: fixture.clock)
        for name in ["Action", "Version"] {
            try await fixture.expect(
                "MissingParameter", v1([(name, nil), ("Timestamp", late)], client: stranger), "\(name)")
        }
        try await fixture.expect("IllegalTimestamp", v1([("Timestamp", nil)], client: stranger))
        try await fixture.expect("IllegalTimestamp", acs3([("x-acs-date", nil)], client: stranger))
        try await fixture.expect("InvalidAccessKeyId.NotFound", v1([("Timestamp", late)], client: stranger))
        try await fixture.expect("InvalidAccessKeyId.NotFound", v1([("Timestamp", "x")], client: stranger))
        try await fixture.expect("InvalidAccessKeyId.NotFound", acs3([("x-acs-date", late)], client: stranger))
        try await fixture.expect("Forbidden.AccessKey", v1([("Timestamp", late)], client: fixture.disabledClient))
        try await fixture.expect("InvalidTimeStamp.Expired", v1([("Timestamp", late)], client: liar))
        try await fixture.expect("InvalidTimeStamp.Format", v1([("Timestamp", "x")], client: liar))
        try await fixture.expect("InvalidTimeStamp.Expired", acs3([("x-acs-date", late)], client: liar))
    }

    @Test func `The signature comes before the nonce, then version, action and parameters`() async throws {
        let liar = AlibabaClient(accessKeyID: client.accessKeyID, secret: KeyMaterial([1]), clock: fixture.clock)
        try await fixture.expect("ok", nonces("n")[0])
        try await fixture.expect("SignatureDoesNotMatch", v1([("SignatureNonce", "n")], client: liar))
        try await fixture.expect(
            "SignatureDoesNotMatch", v1([("Version", "2000-01-01")], action: "NoAction", client: liar))
        try await fixture.expect("SignatureNonceUsed", v1([("SignatureNonce", "n"), ("Version", "2000-01-01")]))
        try await fixture.expect("InvalidVersion", v1([("Version", "2000-01-01")], action: "NoAction"))
        try await fixture.expect("InvalidVersion", v1([("Version", "2000-01-01")], action: "DescribeKey"))
        try await fixture.expect("MissingParameter", v1(action: "DescribeKey"))
    }
}
