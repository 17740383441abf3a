import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIAlibaba

/// The contract's section 3. What all answers have in common is checked with each of them, by ``AlibabaAnswer``.
@Suite struct AnswerTests {
    private let fixture: AlibabaFixture
    private var client: AlibabaClient { fixture.client }

    init() async throws { fixture = try await AlibabaFixture() }

    @Test(arguments: [
        ("JSON", false), ("json", false), ("Json", false), ("", false), ("YAML", false), ("XML ", false),
        ("XML", true), ("xml", true), ("Xml", true),
    ])
    func `Format says how an answer is written`(format: String, isXML: Bool) async throws {
        for form in AlibabaClient.Form.allCases {
            let good = client.request("DescribeRegions", form: form, format: format)
            #expect(try await fixture.answer(good, isXML: isXML).outcome == "ok", "\(form)")
            let bad = client.request("DescribeKey", form: form, format: format)
            #expect(try await fixture.answer(bad, isXML: isXML).outcome == "MissingParameter", "\(form)")
        }
    }

    @Test func `Whatever a request in XML is refused for, the refusal is in XML`() async throws {
        let stranger = AlibabaClient(accessKeyID: "LTAInobody", secret: KeyMaterial([1]), clock: fixture.clock)
        let liar = AlibabaClient(accessKeyID: client.accessKeyID, secret: KeyMaterial([1]), clock: fixture.clock)
        let drafts = [
            (client.v1("DescribeRegions", [("Format", "XML")], changes: [("Version", nil)]), "MissingParameter"),
            (stranger.v1("DescribeRegions", [("Format", "XML")]), "InvalidAccessKeyId.NotFound"),
            (liar.v1("DescribeRegions", [("Format", "XML")]), "SignatureDoesNotMatch"),
            (client.v1("NoAction", [("Format", "XML")]), "InvalidAction.NotFound"),
        ]
        for (draft, outcome) in drafts {
            #expect(try await fixture.answer(draft, isXML: true).outcome == outcome)
        }
    }

    @Test func `Texts come through XML as through JSON`() async throws {
        let description = "<&>\"' ]]> \r\n\t 雪😀 <![CDATA[x]]> &amp;"
        let key = try await fixture.createKey([("Description", description)])
        for format in ["JSON", "XML"] {
            let request = client.request("DescribeKey", [("KeyId", key)], format: format)
            let answer = try await fixture.answer(request, isXML: format == "XML")
            let found = try #require(answer.body.value(at: "KeyMetadata.Description")?.text)
            #expect(found.utf8.elementsEqual(description.utf8), "\(format)")
        }
    }

    @Test func `Every member of an answer in JSON is in the one in XML`() async throws {
        let key = try await fixture.createKey([("KeySpec", "RSA_2048"), ("Description", "d")])
        try await fixture.createAlias("app", for: key)
        for (action, parameters) in [
            ("DescribeKey", [("KeyId", key)]), ("ListKeys", []), ("ListAliases", []),
            ("ListKeyVersions", [("KeyId", key)]), ("ListSecrets", []),
        ] {
            let json = try await fixture.answer(client.request(action, parameters)).body
            let xml = try await fixture.answer(client.request(action, parameters, format: "xml"), isXML: true)
            #expect(xml.body(like: json) == json, "\(action): \(xml.text)")
        }
    }

    @Test func `Every call has a request id of its own`() async throws {
        var ids: Set<String> = []
        for _ in 0..<10 {
            ids.insert(try await fixture.answer(client.request("DescribeRegions")).requestID)
            ids.insert(try await fixture.answer(client.request("NoAction")).requestID)
        }
        #expect(ids.count == 20)
    }

    @Test(arguments: ["127.0.0.1:7700", "kms.example", "KMS.Example:80", "[::1]:7700"])
    func `HostId is the host as the client has named it`(host: String) async throws {
        for var draft in [client.v1("NoAction"), client.acs3("NoAction")] {
            draft.set("Host", host)
            if draft.header("Authorization") != nil { client.sign(&draft) }
            let answer = try await fixture.answer(draft)
            #expect(answer.body["HostId"]?.text == host)
            #expect(answer.outcome == "InvalidAction.NotFound")
        }
    }

    @Test(arguments: [
        ("", "", false), ("Format=XML", "", true), ("", "Action=x&Format=xml", true), ("Format=JSON", "", false),
        ("Format=%zz", "", false),
    ])
    func `A server that is not ready answers in the form that is asked for`(
        query: String, body: String, isXML: Bool
    ) throws {
        let id = "01234567-89ab-4def-8123-456789abcdef"
        let request = WireRequest(
            method: .POST, target: "/?\(query)", headers: HTTPHeaders([("Host", "kms.test:7700")]),
            body: Array(body.utf8),
            bodyWasTooLarge: false, source: "local")
        let reply = Alibaba.refusal(KMSError(.storeUnavailable, "not yet"), of: request, requestID: id)
        #expect(reply.status == 503)
        #expect(reply.contentType == (isXML ? "text/xml;charset=utf-8" : "application/json;charset=utf-8"))
        let text = String(decoding: reply.body, as: UTF8.self)
        for part in ["kms.test:7700", id, "ServiceUnavailableTemporary"] { #expect(text.contains(part)) }
    }

    @Test(arguments: ["JSON", "XML"])
    func `What is refused before parameters are read is refused in the form that is asked for`(
        format: String
    ) async throws {
        for form in AlibabaClient.Form.allCases {
            let parameters = [("Format", format)]
            var draft =
                form.isACS3
                ? client.acs3("DescribeRegions", parameters, form: form)
                : client.v1("DescribeRegions", parameters, form: form)
            draft.method = .PUT
            let answer = try await fixture.answer(draft, isXML: format == "XML")
            #expect(answer.outcome == "UnsupportedHTTPMethod" && answer.body["HostId"]?.text == AlibabaClient.host)
        }
    }

    @Test func `A sealed server asks to come again`() async throws {
        fixture.backend.seal()
        fixture.kms.forgetMaterial()
        #expect(try await fixture.outcome("DescribeRegions") == "ServiceUnavailableTemporary")
    }

    @Test func `Every code is documented, with its status`() {
        for code in AlibabaCode.allCases {
            #expect(DocumentedCodes.status(of: code.rawValue) == code.status, "\(code)")
            #expect(!"\(code.recommendation)".isEmpty)
        }
    }

    @Test func `Whatever goes wrong has a code`() {
        for code in KMSError.Code.allCases {
            #expect(DocumentedCodes.all.contains(KMSError(code, "x").alibaba.rawValue), "\(code)")
        }
    }
}
