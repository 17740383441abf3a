import ClavigerCore
import ClavigerCrypto
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

@Suite struct InputTests {
    private let fixture: AdminFixture
    private let root: AdminClient

    init() async throws {
        fixture = try await AdminFixture()
        root = fixture.root
    }

    // MARK: paths and methods

    @Test(arguments: [
        "", "/", "/nothing", "/users/", "//users", "/users/a/b", "/users/a/access-keys/b/c", "/Users", "/openapi",
        "/sessions/other/x", "/seal/now",
    ])
    func `An unknown path is not found, whoever asks`(path: String) async throws {
        for client in [root, fixture.anybody] {
            try await fixture.expect(.unknownAction, 404, client, .GET, path)
        }
        #expect(try fixture.events().last?["action"]?.text == "unknown")
    }

    @Test(
        arguments: [
            (.POST, "/openapi.json"), (.GET, "/sessions"), (.GET, "/sessions/current"), (.PUT, "/users"),
            (.POST, "/users/alice"), (.GET, "/users/alice/password"), (.GET, "/policies/check/x"),
            (.POST, "/policies/readers"), (.GET, "/seal"), (.HEAD, "/users"), (.OPTIONS, "/users"), (.TRACE, "/whoami"),
            (.RAW(value: "BREW"), "/users"),
        ] as [(HTTPMethod, String)])
    func `A known path takes its methods alone`(method: HTTPMethod, path: String) async throws {
        let isKnown = path != "/policies/check/x"
        try await fixture.expect(
            isKnown ? .unsupportedMethod : .unknownAction, isKnown ? 405 : 404, root, method, path)
    }

    @Test(arguments: ["/users/%", "/users/%zz", "/users/%ff"])
    func `A broken escape in a path is refused`(path: String) async throws {
        try await fixture.expect(.invalidParameter, 400, root, .GET, path)
    }

    @Test func `Names in paths are decoded`() async throws {
        try await fixture.call(root, .POST, "/users", #"{"name":"a+b=c,d.e@f_g-h"}"#)
        for path in ["/users/a+b=c,d.e@f_g-h", "/users/a%2Bb%3Dc%2Cd.e%40f_g-h", "/users/%61+b=c,d.e@f_g-h"] {
            #expect(try await fixture.call(root, .GET, path)["name"]?.text == "a+b=c,d.e@f_g-h")
        }
        for path in ["/users/a%20b", "/users/%2e%2e", "/users/a%2Fb", "/users/%00"] {
            try await fixture.expect(.identityNotFound, 404, root, .GET, path)
        }
    }

    @Test func `A policy may have the name of another path`() async throws {
        try await fixture.call(root, .POST, "/policies", #"{"name":"check","document":\#(AdminSample.policy)}"#)
        #expect(try await fixture.call(root, .GET, "/policies/check")["name"]?.text == "check")
    }

    // MARK: bodies

    @Test(arguments: [
        "null", "[]", "5", "\"x\"", "{", "{}{}", "{'name':1}", #"{"name":"a",}"#, #"{"name":"a","name":"b"}"#,
        "\u{FEFF}{}", "name=a", #"{"name":01}"#, #"{"name":"\ud800"}"#, #"{"name":"a"#, " ",
        #"{"document":{"a":1,"a":2},"name":"a"}"#, #"{"document":{"a":[1,}],"name":"a"}"#,
    ])
    func `A body that is no JSON object is refused`(body: String) async throws {
        for path in ["/users", "/policies", "/sessions"] {
            try await fixture.expect(.invalidParameter, 400, root, .POST, path, body)
        }
    }

    @Test func `A body that is nested too deeply is refused`() async throws {
        let deep = String(repeating: #"{"a":"#, count: 5000) + "1" + String(repeating: "}", count: 5000)
        try await fixture.expect(
            .invalidParameter, 400, root, .POST, "/policies", #"{"name":"a","document":\#(deep)}"#)
    }

    @Test(arguments: [
        ("/users", "{}", KMSError.Code.missingParameter), ("/users", "", .missingParameter),
        ("/users", #"{"name":null}"#, .missingParameter), ("/users", #"{"name":"a","nick":"b"}"#, .unknownParameter),
        ("/users", #"{"Name":"a","name":"a"}"#, .unknownParameter), ("/users", #"{"name":1}"#, .invalidParameter),
        ("/users", #"{"name":["a"]}"#, .invalidParameter), ("/users", #"{"name":"a","password":5}"#, .invalidParameter),
        ("/users", #"{"name":""}"#, .invalidName), ("/users", #"{"name":"a b"}"#, .invalidName),
        ("/groups", #"{"name":"a/b"}"#, .invalidName), ("/accounts", #"{"name":"ab"}"#, .invalidName),
        ("/accounts", #"{"name":"abc","id":"1"}"#, .invalidParameter),
        ("/accounts", #"{"name":"abc","id":-1}"#, .invalidParameter),
        ("/accounts", #"{"name":"abc","id":0}"#, .invalidParameterValue),
        ("/accounts", #"{"name":"abc","id":18446744073709551615}"#, .invalidParameterValue),
        ("/projects", #"{"region":"mars","name":"x"}"#, .unknownRealm),
        ("/projects", #"{"region":"south","name":"x"}"#, .invalidName),
        ("/temporary-credentials", #"{"durationSeconds":1.5}"#, .invalidParameter),
        ("/temporary-credentials", #"{"user":"nobody"}"#, .identityNotFound),
        ("/policies/check", #"{"document":5}"#, .invalidParameter),
        ("/policies/check", #"{"document":[]}"#, .invalidParameter),
        ("/policies/check", #"{"document":true}"#, .invalidParameter),
        ("/policies/check", #"{"document":null}"#, .missingParameter),
        ("/policies/check", #"{"document":"x"}"#, .invalidPolicy),
        ("/policies/check", #"{"document":{}}"#, .invalidPolicy),
        ("/policies/check", #"{"document":"","language":"aws"}"#, .invalidParameterValue),
        ("/policies/check", #"{"document":"","kind":"user"}"#, .invalidParameterValue),
        ("/policies/test", #"{"user":"nobody","action":"name/kms:Encrypt"}"#, .identityNotFound),
        ("/policies/test", #"{"user":"operator","action":"name/kms:Encrypt","context":[]}"#, .invalidParameterValue),
        ("/policies/test", #"{"user":"operator","action":"name/kms:Encrypt","time":"soon"}"#, .invalidParameterValue),
        ("/policies/test", #"{"user":"operator","action":"name/kms:Encrypt","region":"mars"}"#, .unknownRealm),
        ("/seal", #"{"now":true}"#, .unknownParameter),
        ("/sessions", #"{"user":"alice"}"#, .missingParameter),
        ("/sessions", #"{"user":"alice","password":["x"]}"#, .invalidParameter),
        ("/sessions", #"{"user":"alice","password":"x","account":1}"#, .invalidParameter),
    ])
    func `Members of a body are checked by the table`(path: String, body: String, code: KMSError.Code) async throws {
        try await fixture.expect(code, code.adminStatus, root, .POST, path, body)
    }

    @Test(arguments: [#"{"enabled":"true"}"#, #"{"enabled":1}"#, #"{"enabled":"no"}"#, #"{"description":true}"#])
    func `True and false are words of JSON`(body: String) async throws {
        try await fixture.expect(.invalidParameter, 400, root, .PATCH, "/users/operator", body)
    }

    @Test func `A description has at most a thousand characters`() async throws {
        let long = String(repeating: "ü", count: 1000)
        try await fixture.call(root, .POST, "/groups", #"{"name":"a","description":"\#(long)"}"#)
        try await fixture.expect(
            .invalidParameterValue, 400, root, .POST, "/groups", #"{"name":"b","description":"\#(long)x"}"#)
    }

    @Test(arguments: [(.GET, "/users"), (.DELETE, "/users/alice"), (.GET, "/openapi.json")] as [(HTTPMethod, String)])
    func `Where no body is taken, there must be none`(method: HTTPMethod, path: String) async throws {
        try await fixture.expect(.invalidParameter, 400, root, method, path, "{}")
    }

    @Test(arguments: [
        ("application/json", "ok"), ("application/json; charset=utf-8", "ok"), ("Application/JSON", "ok"),
        ("text/plain", "invalidParameter"), ("", "invalidParameter"), ("application/jsonx", "invalidParameter"),
        ("application/x-www-form-urlencoded", "invalidParameter"),
    ])
    func `A body is sent as JSON`(type: String, outcome: String) async throws {
        var draft = root.draft(.POST, "/users", #"{"name":"alice"}"#)
        draft.set("Content-Type", type)
        root.sign(&draft)
        #expect(try await fixture.send(draft.wire()).outcome == outcome)
    }

    @Test func `A call without a body needs no type, but in its signature`() async throws {
        try await fixture.call(root, .PUT, "/users/operator/password", #"{"password":"correct horse"}"#)
        let session = try await fixture.session("operator", "correct horse")
        var draft = session.draft(.GET, "/whoami")
        draft.set("Content-Type", nil)
        #expect(try await fixture.send(draft.wire()).outcome == "ok")
    }

    @Test func `A body or query that is too long is refused`() async throws {
        var draft = root.draft(.POST, "/users")
        draft.bodyWasTooLarge = true
        try await fixture.expect(.payloadTooLarge, 413, draft.wire())
        let query = String(repeating: "a", count: 32 << 10)
        try await fixture.expect(.unknownParameter, 400, root, .GET, "/users?" + query)
        try await fixture.expect(.payloadTooLarge, 413, root, .GET, "/users?" + query + "b")
    }

    @Test func `A long name that is refused fills no log`() async throws {
        let name = String(repeating: "a", count: 1 << 19)
        try await fixture.expect(.invalidName, 400, root, .POST, "/users", #"{"name":"\#(name)"}"#)
        #expect(try fixture.auditText().utf8.count < 10_000)
    }

    // MARK: queries

    @Test(arguments: [
        ("limit=0", KMSError.Code.invalidParameterValue), ("limit=1001", .invalidParameterValue),
        ("limit=x", .invalidParameter), ("limit=-1", .invalidParameter), ("limit=", .invalidParameter),
        ("limit=1&limit=2", .invalidParameter), ("page=2", .unknownParameter), ("limit.0=1", .invalidParameter),
        ("after=%zz", .invalidParameter), ("limit=18446744073709551616", .invalidParameter),
    ])
    func `A query is checked by the table`(query: String, code: KMSError.Code) async throws {
        try await fixture.expect(code, 400, root, .GET, "/users?" + query)
    }

    @Test func `Calls without parameters take no query`() async throws {
        try await fixture.expect(.unknownParameter, 400, root, .GET, "/whoami?x=1")
        try await fixture.expect(.unknownParameter, 400, root, .POST, "/users?name=a", #"{"name":"a"}"#)
    }

    @Test func `Lists come in pages`() async throws {
        for name in ["b", "d", "a", "c"] {
            try await fixture.call(root, .POST, "/groups", #"{"name":"\#(name)"}"#)
        }
        #expect(try await fixture.call(root, .GET, "/groups").items("name") == ["a", "b", "c", "d"])
        var pages: [[String]] = []
        var after: String?
        repeat {
            let page = try await fixture.call(root, .GET, "/groups?limit=3" + (after.map { "&after=\($0)" } ?? ""))
            pages.append(page.items("name"))
            after = page["next"]?.text
        } while after != nil && pages.count < 5
        #expect(pages == [["a", "b", "c"], ["d"]])
        let all = try await fixture.call(root, .GET, "/groups?limit=4")
        #expect(all["next"] == nil)
        #expect(try await fixture.call(root, .GET, "/groups?after=zz").items("name") == [])
    }
}
