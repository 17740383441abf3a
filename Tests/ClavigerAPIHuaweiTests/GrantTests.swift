import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIHuawei

/// Rights to single keys, as users without policies have them.
@Suite struct GrantTests {
    private let fixture: HuaweiFixture

    init() async throws { fixture = try await HuaweiFixture() }

    private func grant(
        _ key: String, to principal: String, _ operations: [String], _ members: String = "",
        as client: HuaweiClient? = nil
    ) async throws -> String {
        let answer = try await fixture.call(
            "create-grant", Self.request(key, principal, operations, members), client: client)
        return try #require(answer["grant_id"]?.text)
    }

    private static func request(
        _ key: String, _ principal: String, _ operations: [String], _ members: String = ""
    ) -> String {
        let list = operations.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"key_id":"\#(key)","grantee_principal":"\#(principal)","operations":[\#(list)]\#(members)}"#
    }

    private func end(_ action: String, _ grant: String, on key: String, as client: HuaweiClient? = nil)
        async throws -> String
    {
        try await fixture.outcome(action, #"{"key_id":"\#(key)","grant_id":"\#(grant)"}"#, client: client)
    }

    private func encrypt(_ key: String, as client: HuaweiClient) async throws -> String {
        try await fixture.outcome("encrypt-data", #"{"key_id":"\#(key)","plain_text":"x"}"#, client: client)
    }

    private func list(_ key: String, as client: HuaweiClient? = nil) async throws -> [JSONValue] {
        let answer = try await fixture.call("list-grants", #"{"key_id":"\#(key)"}"#, client: client)
        guard case .array(let grants) = answer["grants"] else { return [] }
        return grants
    }

    @Test func `A grant holds from the moment it is given to the moment it is revoked`() async throws {
        let key = try await fixture.createKey()
        let other = try await fixture.createKey("other")
        let (identity, user) = try await fixture.user("limited")
        for _ in 0..<3 {
            #expect(try await encrypt(key, as: user) == "KMS.0307")
            let grant = try await grant(key, to: identity.id, ["encrypt-data"])
            #expect(grant.utf8.count == 64)
            #expect(try await encrypt(key, as: user) == "ok")
            #expect(try await encrypt(other, as: user) == "KMS.0307")
            #expect(try await fixture.outcome("create-datakey", #"{"key_id":"\#(key)"}"#, client: user) == "KMS.0307")
            #expect(try await end("revoke-grant", grant, on: key) == "ok")
            #expect(try await encrypt(key, as: user) == "KMS.0307")
            #expect(try await end("revoke-grant", grant, on: key) == "KMS.0308")
        }
    }

    /// A call of each operation, and the key that it wants.
    private static let calls: [(operation: String, json: String, isSymmetric: Bool)] = [
        ("describe-key", "", true),
        ("create-datakey", "", true),
        ("create-datakey-without-plaintext", "", true),
        ("encrypt-datakey", #","plain_text":"$DEK","datakey_plain_length":"64""#, true),
        ("decrypt-datakey", #","cipher_text":"$BLOB","datakey_cipher_length":"64""#, true),
        ("encrypt-data", #","plain_text":"x""#, true),
        ("decrypt-data", #","cipher_text":"$DATA""#, true),
        ("sign", #","message":"$DIGEST","signing_algorithm":"ECDSA_SHA_256""#, false),
        ("verify", #","message":"$DIGEST","signature":"YQ==","signing_algorithm":"ECDSA_SHA_256""#, false),
        ("get-publickey", "", false),
    ]

    /// What each call sends about a key.
    private func requests(symmetric: String, asymmetric: String) async throws -> [(operation: String, json: String)] {
        let dataKey = [UInt8](1...64)
        let dek = Hex.string(dataKey + dataKey.withUnsafeBytes { SHA256Hasher.hash($0).bytes })
        let blob = try await fixture.call(
            "encrypt-datakey", #"{"key_id":"\#(symmetric)","plain_text":"\#(dek)","datakey_plain_length":"64"}"#)
        let data = try await fixture.call("encrypt-data", #"{"key_id":"\#(symmetric)","plain_text":"x"}"#)
        let values = [
            "$DEK": dek, "$BLOB": blob["cipher_text"]?.text ?? "", "$DATA": data["cipher_text"]?.text ?? "",
            "$DIGEST": Base64.string([UInt8](1...32)),
        ]
        return Self.calls.map { call in
            let members = values.reduce(call.json) { $0.replacing($1.key, with: $1.value) }
            return (call.operation, #"{"key_id":"\#(call.isSymmetric ? symmetric : asymmetric)"\#(members)}"#)
        }
    }

    @Test(arguments: calls.map(\.operation))
    func `A grant allows the operation that it names and no other`(operation: String) async throws {
        let symmetric = try await fixture.createKey("a")
        let asymmetric = try await fixture.createKey("b", #","key_spec":"EC_P256""#)
        let requests = try await requests(symmetric: symmetric, asymmetric: asymmetric)
        let (identity, user) = try await fixture.user("limited")
        for key in [symmetric, asymmetric] { _ = try await grant(key, to: identity.id, [operation]) }
        for (other, json) in requests {
            let outcome = try await fixture.outcome(other, json, client: user)
            #expect(outcome == (other == operation ? "ok" : "KMS.0307"), "\(other)")
        }
    }

    @Test func `A grant to the domain is one to each of its users and to nobody else`() async throws {
        let key = try await fixture.createKey()
        let first = try await fixture.user("a", number: 200_000_000_001)
        let second = try await fixture.user("b", number: 200_000_000_002)
        let id = try await grant(
            key, to: fixture.account.domainID, ["encrypt-data"], #","grantee_principal_type":"domain""#)
        #expect(try await encrypt(key, as: first.client) == "ok")
        #expect(try await encrypt(key, as: second.client) == "ok")
        #expect(try await encrypt(key, as: fixture.otherClient) != "ok")
        let shown = try #require(try await list(key).first)
        #expect(shown["grantee_principal"]?.text == fixture.account.domainID)
        #expect(shown["grantee_principal_type"]?.text == "domain")
        #expect(try await end("revoke-grant", id, on: key) == "ok")
        #expect(try await encrypt(key, as: first.client) == "KMS.0307")
    }

    @Test func `Nobody gives away what is not his`() async throws {
        let key = try await fixture.createKey()
        let giver = try await fixture.user(
            "giver", number: 200_000_000_001, under: [HuaweiFixture.allowing(["kms:grant:create", "kms:cmk:crypto"])])
        let taker = try await fixture.user("taker", number: 200_000_000_002)
        func outcome(_ operations: [String]) async throws -> String {
            try await fixture.outcome(
                "create-grant", Self.request(key, taker.identity.id, operations), client: giver.client)
        }
        #expect(try await outcome(["encrypt-data", "decrypt-data"]) == "ok")
        #expect(try await encrypt(key, as: taker.client) == "ok")
        for operation in ["create-datakey", "describe-key", "sign"] {
            #expect(try await outcome(["encrypt-data", operation]) == "KMS.0306", "\(operation)")
        }
        #expect(
            try await fixture.outcome(
                "create-grant", Self.request(key, giver.identity.id, ["encrypt-data"]), client: taker.client)
                == "KMS.0307")
        #expect(try await list(key).count == 1)
    }

    @Test func `The right to give rights away goes no further than the rights that go with it`() async throws {
        let key = try await fixture.createKey()
        let first = try await fixture.user("taker", number: 200_000_000_001)
        let second = try await fixture.user("friend", number: 200_000_000_002)
        let id = try await grant(key, to: first.identity.id, ["create-grant", "encrypt-data"])
        _ = try await grant(key, to: second.identity.id, ["encrypt-data"], as: first.client)
        #expect(try await encrypt(key, as: second.client) == "ok")
        let tooMuch = try await fixture.outcome(
            "create-grant", Self.request(key, second.identity.id, ["describe-key"]), client: first.client)
        #expect(tooMuch == "KMS.0307")
        let issuers = try await list(key).map { $0["issuing_principal"]?.text }
        #expect(issuers.last == first.identity.id)
        #expect(try await end("revoke-grant", id, on: key) == "ok")
        #expect(
            try await fixture.outcome(
                "create-grant", Self.request(key, second.identity.id, ["encrypt-data"]), client: first.client)
                == "KMS.0307")
    }

    @Test func `An explicit denial wins over a grant`() async throws {
        let key = try await fixture.createKey()
        let denial = PolicyDocument(
            language: .huawei,
            text: #"{"Version":"1.1","Statement":[{"Effect":"Deny","Action":["kms:cmk:crypto"]}]}"#)
        let (identity, user) = try await fixture.user("limited", under: [denial])
        _ = try await grant(key, to: identity.id, ["encrypt-data", "create-datakey"])
        #expect(try await encrypt(key, as: user) == "KMS.0307")
        #expect(try await fixture.outcome("create-datakey", #"{"key_id":"\#(key)"}"#, client: user) == "ok")
    }

    @Test func `Who may give a grant up by itself does it once, and others not at all`() async throws {
        let key = try await fixture.createKey()
        let grantee = try await fixture.user("grantee", number: 200_000_000_001)
        let keeper = try await fixture.user("keeper", number: 200_000_000_002)
        let named = try await grant(
            key, to: grantee.identity.id, ["encrypt-data"], #","retiring_principal":"\#(keeper.identity.id)""#)
        #expect(try await end("retire-grant", named, on: key, as: grantee.client) == "KMS.0307")
        #expect(try await end("revoke-grant", named, on: key, as: keeper.client) == "KMS.0307")
        #expect(try await encrypt(key, as: grantee.client) == "ok")
        #expect(try await end("retire-grant", named, on: key, as: keeper.client) == "ok")
        #expect(try await encrypt(key, as: grantee.client) == "KMS.0307")
        // Who can give up no more is not told whether it was ever there.
        #expect(try await end("retire-grant", named, on: key, as: keeper.client) == "KMS.0307")

        let own = try await grant(key, to: grantee.identity.id, ["encrypt-data", "retire-grant"])
        #expect(try await end("retire-grant", own, on: key, as: keeper.client) == "KMS.0307")
        #expect(try await end("retire-grant", own, on: key, as: grantee.client) == "ok")
        #expect(try await encrypt(key, as: grantee.client) == "KMS.0307")
        #expect(try await list(key).isEmpty)
    }

    @Test func `Each sees the grants that he may give up, over all keys and page by page`() async throws {
        let keeper = try await fixture.user(
            "keeper", number: 200_000_000_001, under: [HuaweiFixture.allowing(["kms:grant:listRetirable"])])
        let nobody = try await fixture.user("nobody", number: 200_000_000_002)
        var expected: [String] = []
        for alias in ["a", "b", "c"] {
            let key = try await fixture.createKey(alias)
            fixture.clock.advance(by: .seconds(1))
            expected.append(
                try await grant(
                    key, to: nobody.identity.id, ["encrypt-data"],
                    #","retiring_principal":"\#(keeper.identity.id)""#))
            fixture.clock.advance(by: .seconds(1))
            expected.append(try await grant(key, to: keeper.identity.id, ["retire-grant", "sign"]))
            _ = try await grant(key, to: keeper.identity.id, ["encrypt-data"])
        }
        var (found, marker): ([String], String) = ([], "0")
        repeat {
            let answer = try await fixture.call(
                "list-retirable-grants", #"{"limit":"4","marker":"\#(marker)"}"#, client: keeper.client)
            guard case .array(let grants) = answer["grants"] else { break }
            found += grants.compactMap { $0["grant_id"]?.text }
            #expect(answer["total"] == .number(Array("6".utf8)[...]))
            marker = try #require(answer["next_marker"]?.text)
            #expect(answer["truncated"]?.text == (marker.isEmpty ? "false" : "true"))
        } while !marker.isEmpty
        #expect(found == expected)
        #expect(try await fixture.outcome("list-retirable-grants", client: nobody.client) == "KMS.0307")
    }

    @Test func `Pages of a key's grants neither overlap nor skip one`() async throws {
        let key = try await fixture.createKey()
        let (identity, _) = try await fixture.user("limited")
        var expected: [String] = []
        // Several of one second among them.
        for number in 0..<25 {
            if number % 3 == 0 { fixture.clock.advance(by: .seconds(1)) }
            expected.append(try await grant(key, to: identity.id, ["sign"], #","name":"\#(number)""#))
        }
        for limit in [1, 7, 24, 25, 100] {
            var (found, marker): ([String], String) = ([], "0")
            repeat {
                let answer = try await fixture.call(
                    "list-grants", #"{"key_id":"\#(key)","limit":\#(limit),"marker":\#(marker)}"#)
                guard case .array(let grants) = answer["grants"] else { break }
                #expect(grants.count <= limit && !grants.isEmpty)
                found += grants.compactMap { $0["grant_id"]?.text }
                marker = try #require(answer["next_marker"]?.text)
            } while !marker.isEmpty
            #expect(found == expected, "\(limit)")
        }
    }

    @Test func `A key has at most a hundred grants`() async throws {
        let key = try await fixture.createKey()
        let (identity, _) = try await fixture.user("limited")
        var first: String?
        for _ in 0..<100 {
            let id = try await grant(key, to: identity.id, ["sign"])
            first = first ?? id
        }
        let request = Self.request(key, identity.id, ["sign"])
        #expect(try await fixture.outcome("create-grant", request) == "KMS.0308")
        #expect(try await list(key).count == 100)
        #expect(try await end("revoke-grant", try #require(first), on: key) == "ok")
        #expect(try await fixture.outcome("create-grant", request) == "ok")
    }

    @Test func `A grant does not outlive its key, and does not work while the key does not`() async throws {
        let key = try await fixture.createKey()
        let (identity, user) = try await fixture.user("limited")
        _ = try await grant(key, to: identity.id, ["encrypt-data"], #","retiring_principal":"\#(identity.id)""#)
        try await fixture.call("disable-key", #"{"key_id":"\#(key)"}"#)
        #expect(try await encrypt(key, as: user) == "KMS.0209")
        try await fixture.call("schedule-key-deletion", #"{"key_id":"\#(key)","pending_days":"7"}"#)
        #expect(try await encrypt(key, as: user) == "KMS.0210")
        fixture.clock.advance(by: .days(7))
        #expect(try await encrypt(key, as: user) == "KMS.0307")
        #expect(try await fixture.outcome("list-grants", #"{"key_id":"\#(key)"}"#) == "KMS.0205")
    }

    @Test func `Who may not give rights away does not learn who there is`() async throws {
        let key = try await fixture.createKey()
        let (identity, user) = try await fixture.user("limited", under: [HuaweiFixture.allowing(["kms:cmk:crypto"])])
        for principal in [identity.id, "0d0466b00d0466b00d0466b00d0466b0", "-"] {
            let request = Self.request(key, principal, ["encrypt-data"])
            #expect(try await fixture.outcome("create-grant", request, client: user) == "KMS.0307", "\(principal)")
        }
    }

    @Test func `Grants of another account's keys are nobody's`() async throws {
        let made = try await fixture.call("create-key", #"{"key_alias":"x"}"#, client: fixture.otherClient)
        let key = try #require(made["key_info"]?["key_id"]?.text)
        let (identity, _) = try await fixture.user("limited")
        for action in ["list-grants", "create-grant", "revoke-grant", "retire-grant"] {
            let json =
                #"{"key_id":"\#(key)","grantee_principal":"\#(identity.id)","operations":["sign"],"grant_id":"x"}"#
            #expect(try await fixture.outcome(action, json) == "KMS.0205", "\(action)")
        }
        let request = Self.request(key, identity.id, ["sign"])
        #expect(try await fixture.outcome("create-grant", request, client: fixture.otherClient) == "KMS.0308")
    }
}
