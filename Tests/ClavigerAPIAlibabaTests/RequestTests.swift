import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIAlibaba

/// The contract's section 1: where parameters are, how they are written, and what no request may be.
@Suite struct RequestTests {
    private static let malformed = "ParseRequestParameterException"

    private let fixture: AlibabaFixture
    private var client: AlibabaClient { fixture.client }

    init() async throws { fixture = try await AlibabaFixture() }

    // MARK: encodings

    @Test(arguments: AlibabaClient.Form.allCases)
    func `Every text comes through in every form`(form: AlibabaClient.Form) async throws {
        let description = "p&=+ %~*/雪😀\t\r\n\"'<>\\;?#" + "Ω\u{301}"
        let answer = try await fixture.answer(client.request("CreateKey", [("Description", description)], form: form))
        let found = try #require(answer.body.value(at: "KeyMetadata.Description")?.text, "\(answer.text)")
        #expect(found.utf8.elementsEqual(description.utf8))
    }

    @Test(arguments: [
        ("a%20b%2Ac", "a b*c"), ("a+b*c", "a b*c"), ("%61%20%62%2a%63", "a b*c"), ("a%2Bb", "a+b"),
        ("%e9%9b%aa", "雪"), ("%E9%9B%AA", "雪"), ("雪", "雪"), ("a=b=", "a=b="), ("a?b/c", "a?b/c"), ("%00", "\0"),
        ("", ""),
    ])
    func `Whatever the encoding, the decoded text is signed`(encoded: String, text: String) async throws {
        for form in [AlibabaClient.Form.acs3Post, .acs3Form, .v1Post, .v1Get, .v1Form, .v1Split] {
            let parameters = [("Whatever", text)]
            var draft =
                form.isACS3
                ? client.acs3("DescribeRegions", parameters, form: form)
                : client.v1("DescribeRegions", parameters, form: form)
            func replaced(_ pairs: [(String, String)]) -> String {
                pairs.map { "\($0.0)=\($0.0 == "Whatever" ? encoded : AlibabaDraft.encoded($0.1))" }
                    .joined(separator: "&")
            }
            draft.rawQuery = replaced(draft.query)
            let body = replaced(draft.form)
            draft.rawBody = Array(body.utf8)
            if form.isACS3 { client.sign(&draft) }
            try await fixture.expect("ok", draft, "\(form)")
        }
    }

    @Test(arguments: ["a=%", "a=%2", "a=%zz", "a=%FF", "a=%C3", "a=%ED%A0%80", "%=a", "%FF=a"])
    func `What cannot be decoded is told`(pair: String) async throws {
        var draft = client.v1("DescribeRegions")
        draft.rawQuery = AlibabaDraft.encoded(draft.query) + "&" + pair
        try await fixture.expect(Self.malformed, draft)
        draft = client.v1("DescribeRegions", form: .v1Form)
        draft.rawBody = Array((AlibabaDraft.encoded(draft.form) + "&" + pair).utf8)
        try await fixture.expect(Self.malformed, draft)
    }

    @Test(arguments: ["Action", "RegionId", "Whatever", ""])
    func `A parameter that is given twice is told`(name: String) async throws {
        for value in ["1", "2"] {
            var draft = client.v1("DescribeRegions", [("RegionId", "1"), ("Whatever", "1"), ("", "1")])
            draft.query.append((name, value))
            client.sign(parametersOf: &draft)
            try await fixture.expect(Self.malformed, draft, "in the query")
            draft = client.v1(
                "DescribeRegions", [("RegionId", "1"), ("Whatever", "1"), ("", "1")], form: .v1Form)
            draft.form.append((name, value))
            try await fixture.expect(Self.malformed, draft, "in the body")
            draft = client.v1("DescribeRegions", [("RegionId", "1"), ("Whatever", "1"), ("", "1")])
            draft.set("Content-Type", AlibabaDraft.formType)
            draft.form = [(name, value)]
            try await fixture.expect(Self.malformed, draft, "in both")
        }
    }

    @Test func `The names of parameters have their case`() async throws {
        let key = try await fixture.createKey()
        for name in ["keyId", "KEYID", "KeyID", "keyid"] {
            #expect(try await fixture.outcome("DescribeKey", [(name, key)]) == "MissingParameter")
            #expect(try await fixture.outcome("DescribeKey", [("KeyId", key), (name, "x")]) == "ok")
        }
    }

    @Test func `An empty parameter that is needed is missing, another one counts as absent`() async throws {
        #expect(try await fixture.outcome("DescribeKey", [("KeyId", "")]) == "MissingParameter")
        let made = try await fixture.call(
            "CreateKey", ["KeySpec", "KeyUsage", "Origin", "ProtectionLevel", "Tags", "Description"].map { ($0, "") })
        #expect(made.value(at: "KeyMetadata.KeySpec")?.text == "Aliyun_AES_256")
        #expect(try await fixture.outcome("ListKeys", [("PageNumber", ""), ("PageSize", "")]) == "ok")
    }

    @Test(arguments: [
        ("true", "ok"), ("True", "ok"), ("TRUE", "ok"), ("tRuE", "ok"), ("false", "ok"), ("False", "ok"),
        ("FALSE", "ok"), ("", "ok"), ("1", "InvalidParameter"), ("0", "InvalidParameter"), ("yes", "InvalidParameter"),
        (" true", "InvalidParameter"), ("t", "InvalidParameter"), ("null", "InvalidParameter"),
    ])
    func `Booleans have any case`(text: String, outcome: String) async throws {
        let parameters = [("EnableAutomaticRotation", text), ("RotationInterval", "7d")]
        #expect(try await fixture.outcome("CreateKey", parameters) == outcome)
    }

    @Test(arguments: [
        ("1", "ok"), ("100", "ok"), ("010", "ok"), ("0", "InvalidParameter"), ("101", "InvalidParameter"),
        ("-1", "InvalidParameter"), ("+1", "InvalidParameter"), ("1.0", "InvalidParameter"),
        ("1e1", "InvalidParameter"),
        (" 1", "InvalidParameter"), ("0x1", "InvalidParameter"), ("x", "InvalidParameter"), ("１", "InvalidParameter"),
        ("18446744073709551617", "InvalidParameter"),
    ])
    func `Integers are decimal digits`(text: String, outcome: String) async throws {
        #expect(try await fixture.outcome("ListKeys", [("PageSize", text)]) == outcome)
    }

    // MARK: bodies

    @Test(
        arguments: [
            ("application/x-www-form-urlencoded", "ok"), ("application/x-www-form-urlencoded; charset=UTF-8", "ok"),
            ("Application/X-WWW-Form-UrlEncoded;charset=utf-8", "ok"), (nil, "ok"),
            ("application/json", malformed), ("application/json; charset=utf-8", malformed), ("text/plain", malformed),
            ("multipart/form-data; boundary=x", malformed), ("application/octet-stream", malformed),
        ] as [(String?, String)])
    func `A body is a form`(type: String?, outcome: String) async throws {
        var draft = client.v1("DescribeRegions", form: .v1Form)
        draft.set("Content-Type", type)
        try await fixture.expect(outcome, draft)
        draft = client.acs3("DescribeRegions", [("RegionId", "x")], form: .acs3Form)
        draft.set("Content-Type", type)
        client.sign(&draft)
        try await fixture.expect(outcome, draft)
    }

    @Test(arguments: ["application/json", "application/octet-stream", "text/plain", ""])
    func `An empty body may be of any type`(type: String) async throws {
        var draft = client.v1("DescribeRegions")
        draft.set("Content-Type", type)
        try await fixture.expect("ok", draft)
        draft = client.acs3("DescribeRegions")
        draft.set("Content-Type", type)
        try await fixture.expect("ok", draft)
    }

    @Test func `A form of a megabyte and a query of more than hundred kilobytes are read`() async throws {
        let long = String(repeating: "雪", count: 30_000)
        #expect(AlibabaDraft.encoded(long).utf8.count > 250_000)
        for form in AlibabaClient.Form.allCases {
            let answer = try await fixture.answer(client.request("DescribeRegions", [("Whatever", long)], form: form))
            #expect(answer.outcome == "ok", "\(form)")
        }
        let whole = String(repeating: "x", count: (1 << 20) - "Whatever=".utf8.count)
        let draft = client.acs3("DescribeRegions", [("Whatever", whole)], form: .acs3Form)
        #expect(draft.body.count == 1 << 20)
        try await fixture.expect("ok", draft)
    }

    @Test func `A body that was too long is told`() async throws {
        for var draft in [client.v1("DescribeRegions"), client.acs3("DescribeRegions")] {
            draft.bodyWasTooLarge = true
            try await fixture.expect(Self.malformed, draft)
        }
        #expect(Alibaba.bodyLimit(method: .POST, headers: [:]) == 1 << 20)
    }

    // MARK: methods and paths

    @Test(arguments: [HTTPMethod.PUT, .DELETE, .HEAD, .OPTIONS, .PATCH, .TRACE, .RAW(value: "get")])
    func `Other methods are refused`(method: HTTPMethod) async throws {
        var draft = client.acs3("DescribeRegions")
        draft.method = method
        client.sign(&draft)
        try await fixture.expect("UnsupportedHTTPMethod", draft)
    }

    @Test func `Parameters that nobody knows are ignored`() async throws {
        let parameters = [("RegionId", "cn-beijing"), ("SignatureType", ""), ("DryRun", "true"), ("Recipient", "x")]
        for form in AlibabaClient.Form.allCases {
            let answer = try await fixture.answer(client.request("CreateKey", parameters, form: form))
            #expect(answer.body.value(at: "KeyMetadata.Arn")?.text?.contains(":cn-hangzhou:") == true)
        }
    }

    @Test(arguments: Alibaba.operations.map(\.name).filter { !["DescribeRegions"].contains($0) })
    func `The names of actions have their case`(action: String) async throws {
        for name in [action.lowercased(), action.uppercased(), action + " ", action + "s"] {
            #expect(try await fixture.outcome(name, form: .v1Post) == "InvalidAction.NotFound", "\(name)")
        }
        // A header has no blanks at its ends.
        #expect(try await fixture.outcome(action.lowercased()) == "InvalidAction.NotFound")
    }

    @Test func `Who calls too often is told so`() async throws {
        let fixture = try await AlibabaFixture(rateLimits: RateLimits(["ListKeys": 2]))
        var outcomes: [String] = []
        // The limit is one of real time, which goes on meanwhile.
        for _ in 0..<60 { outcomes.append(try await fixture.outcome("ListKeys")) }
        #expect(outcomes.prefix(2) == ["ok", "ok"])
        #expect(Set(outcomes) == ["ok", "Rejected.Throttling"])
        #expect(try await fixture.outcome("DescribeRegions") == "ok")
        #expect(try await fixture.outcome("ListKeys", client: fixture.otherClient) == "ok")
    }
}
