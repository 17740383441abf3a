import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// What calls about keys leave behind.
@Suite struct KeysTests {
    private static let day: Int = 86400

    private func state(of key: String, _ fixture: HuaweiFixture) async throws -> String? {
        try await fixture.info(of: key)["key_state"]?.text
    }

    @Test func `A disabled key does nothing until it is enabled`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let encrypt = "{\"key_id\":\"\(key)\",\"plain_text\":\"kept\"}"
        let sealed = try #require(try await fixture.call("encrypt-data", encrypt)["cipher_text"]?.text)
        let decrypt = "{\"cipher_text\":\"\(sealed)\"}"
        try await fixture.call("disable-key", "{\"key_id\":\"\(key)\"}")
        #expect(try await state(of: key, fixture) == "3")
        #expect(try await fixture.outcome("encrypt-data", encrypt) == "KMS.0209")
        #expect(try await fixture.outcome("decrypt-data", decrypt) == "KMS.0209")
        try await fixture.call("enable-key", "{\"key_id\":\"\(key)\"}")
        #expect(try await state(of: key, fixture) == "2")
        #expect(try await fixture.call("decrypt-data", decrypt)["plain_text"]?.text == "kept")
    }

    @Test func `A key whose deletion is pending does nothing, and is gone when its time has come`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let encrypt = "{\"key_id\":\"\(key)\",\"plain_text\":\"kept\"}"
        let sealed = try #require(try await fixture.call("encrypt-data", encrypt)["cipher_text"]?.text)
        let decrypt = "{\"cipher_text\":\"\(sealed)\"}"
        try await fixture.call("schedule-key-deletion", "{\"key_id\":\"\(key)\",\"pending_days\":\"7\"}")
        #expect(try await fixture.outcome("encrypt-data", encrypt) == "KMS.0210")
        #expect(try await fixture.outcome("decrypt-data", decrypt) == "KMS.0210")
        #expect(try await fixture.outcome("create-key", "{\"key_alias\":\"app\"}") == "KMS.1104")
        fixture.clock.advance(by: .seconds(7 * Self.day - 1))
        #expect(try await state(of: key, fixture) == "4")
        fixture.clock.advance(by: .seconds(1))
        // Nobody has come by to delete it yet, and still it is not there.
        #expect(try await fixture.outcome("describe-key", "{\"key_id\":\"\(key)\"}") == "KMS.0205")
        #expect(try await fixture.outcome("cancel-key-deletion", "{\"key_id\":\"\(key)\"}") == "KMS.0205")
        #expect(try await fixture.outcome("decrypt-data", decrypt) == "KMS.2201")
        _ = try await fixture.kms.carryOut(.deletion)
        #expect(try await fixture.outcome("create-key", "{\"key_alias\":\"app\"}") == "ok")
    }

    @Test func `A second call for deletion leaves the first date as it is`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        try await fixture.call("schedule-key-deletion", "{\"key_id\":\"\(key)\",\"pending_days\":\"7\"}")
        let date = try await fixture.info(of: key)["scheduled_deletion_date"]?.text
        let again = "{\"key_id\":\"\(key)\",\"pending_days\":\"1096\"}"
        #expect(try await fixture.outcome("schedule-key-deletion", again) == "KMS.1402")
        #expect(try await fixture.info(of: key)["scheduled_deletion_date"]?.text == date)
    }

    @Test(arguments: [
        (setup: [String](), action: "disable-key"),
        (["disable-key"], "enable-key"),
        ([], "schedule-key-deletion"),
        (["schedule-key-deletion"], "cancel-key-deletion"),
    ])
    func `Of equal calls at the same time just one succeeds`(setup: [String], action: String) async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let body = "{\"key_id\":\"\(key)\",\"pending_days\":\"7\"}"
        for action in setup { try await fixture.call(action, body) }
        let succeeded = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { try await fixture.outcome(action, body) == "ok" } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(succeeded == 1)
    }

    @Test func `A key keeps its new alias and description, and lists tell them`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        try await fixture.call("update-key-alias", "{\"key_id\":\"\(key)\",\"key_alias\":\"new\"}")
        try await fixture.call("update-key-description", "{\"key_id\":\"\(key)\",\"key_description\":\"描述\"}")
        let info = try await fixture.info(of: key)
        #expect(info["key_alias"]?.text == "new")
        #expect(info["key_description"]?.text == "描述")
        #expect(try await fixture.call("list-keys").value(at: "key_details.0") == info)
        #expect(try await fixture.outcome("create-key", "{\"key_alias\":\"app\"}") == "ok")
    }

    @Test(arguments: [
        ("create-key", "\"key_alias\":\"bad alias\""),
        ("update-key-alias", "\"key_alias\":\"bad alias\""),
        ("update-key-description", "\"key_description\":1"),
        ("schedule-key-deletion", "\"pending_days\":\"6\""),
        ("disable-key", "\"sequence\":\"x\""),
    ])
    func `A refused call changes nothing`(action: String, members: String) async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let before = try await fixture.call("list-keys")
        #expect(try await fixture.outcome(action, "{\"key_id\":\"\(key)\",\(members)}") != "ok")
        #expect(try await fixture.call("list-keys") == before)
    }

    @Test func `Each region has keys of its own`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let body = "{\"key_id\":\"\(key)\"}"
        #expect(try await fixture.outcome("describe-key", body, realm: "east") == "KMS.0205")
        let east = try await fixture.call("list-keys", realm: "east")
        #expect(east.value(at: "key_details.0.realm")?.text == "cn-east-3")
        #expect(east["total"] == .number(Array("1".utf8)[...]))
    }
}
