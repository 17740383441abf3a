import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIHuawei

/// Rotation by the clock, as the background worker does it, and by hand.
@Suite struct RotationTests {
    private let fixture: HuaweiFixture
    private var now: Int64 { fixture.clock.now.seconds }

    init() async throws { fixture = try await HuaweiFixture() }

    private func call(_ action: String, _ key: String) async throws {
        try await fixture.call(action, #"{"key_id":"\#(key)"}"#)
    }

    private func outcome(_ action: String, _ key: String) async throws -> String {
        try await fixture.outcome(action, #"{"key_id":"\#(key)"}"#)
    }

    private func setInterval(_ days: Int, _ key: String) async throws {
        try await fixture.call("update-key-rotation-interval", #"{"key_id":"\#(key)","rotation_interval":\#(days)}"#)
    }

    /// Does what is due.
    ///
    /// - Returns: the keys that rotated.
    private func work() async throws -> [String] {
        let outcome = try await fixture.kms.carryOut(.rotation)
        #expect(outcome.failures.isEmpty)
        return outcome.done.map(\.id.description)
    }

    private func advance(days: Int64 = 0, seconds: Int64 = 0) {
        fixture.clock.advance(by: .seconds(days * 86_400 + seconds))
    }

    private struct Status: Equatable {
        var isEnabled: Bool
        var days: Int
        var last: String
        var count: Int
    }

    private func status(_ key: String) async throws -> Status {
        let answer = try await fixture.call("get-key-rotation-status", #"{"key_id":"\#(key)"}"#)
        func number(_ value: JSONValue?) throws -> Int {
            guard case .number(let digits) = value else { return -1 }
            return try #require(Int(String(decoding: digits, as: UTF8.self)))
        }
        return Status(
            isEnabled: answer["key_rotation_enabled"] == .bool(true), days: try number(answer["rotation_interval"]),
            last: try #require(answer["last_rotation_time"]?.text),
            count: try number(answer["number_of_rotations"]))
    }

    /// A ciphertext, and the version of the key that made it.
    private func encrypt(_ key: String) async throws -> (blob: String, version: UInt128) {
        let answer = try await fixture.call("encrypt-data", #"{"key_id":"\#(key)","plain_text":"kept"}"#)
        let blob = try #require(answer["cipher_text"]?.text)
        return (blob, try Ciphertext(try Base64.decode(Array(blob.utf8))).keyVersionID)
    }

    private func expectDecrypted(_ blobs: [String]) async throws {
        for blob in blobs {
            let answer = try await fixture.call("decrypt-data", #"{"cipher_text":"\#(blob)"}"#)
            #expect(answer["plain_text"]?.text == "kept")
        }
    }

    @Test func `Without an interval a key rotates after 365 days, at the second`() async throws {
        let key = try await fixture.createKey()
        try await call("enable-key-rotation", key)
        let old = try await encrypt(key)
        advance(days: 365, seconds: -1)
        #expect(try await work().isEmpty)
        #expect(try await status(key) == Status(isEnabled: true, days: 365, last: "", count: 0))
        advance(seconds: 1)
        #expect(try await work() == [key])
        #expect(try await status(key) == Status(isEnabled: true, days: 365, last: "\(now)000", count: 1))
        let new = try await encrypt(key)
        #expect(new.version != old.version)
        try await expectDecrypted([old.blob, new.blob])
        #expect(try await work().isEmpty)
    }

    @Test(arguments: [30, 90, 365])
    func `An interval counts from the moment it was set`(days: Int) async throws {
        let key = try await fixture.createKey()
        try await call("enable-key-rotation", key)
        advance(days: 20)
        try await setInterval(days, key)
        advance(days: Int64(days), seconds: -1)
        #expect(try await work().isEmpty)
        advance(seconds: 1)
        for count in 1...3 {
            #expect(try await work() == [key])
            #expect(try await status(key) == Status(isEnabled: true, days: days, last: "\(now)000", count: count))
            advance(days: Int64(days))
        }
    }

    @Test func `Enabling what is enabled neither puts the next rotation off nor changes the interval`() async throws {
        let key = try await fixture.createKey()
        try await call("enable-key-rotation", key)
        try await setInterval(30, key)
        advance(days: 29)
        try await call("enable-key-rotation", key)
        advance(days: 1)
        #expect(try await work() == [key])
        #expect(try await status(key).days == 30)
    }

    @Test func `A key that no longer rotates keeps its past and its ciphertexts`() async throws {
        let key = try await fixture.createKey()
        let first = try await encrypt(key)
        try await call("enable-key-rotation", key)
        advance(days: 365)
        #expect(try await work() == [key])
        let rotated = now
        let second = try await encrypt(key)
        try await call("disable-key-rotation", key)
        advance(days: 1000)
        #expect(try await work().isEmpty)
        #expect(try await status(key) == Status(isEnabled: false, days: 365, last: "\(rotated)000", count: 1))
        #expect(try await encrypt(key).version == second.version)
        try await expectDecrypted([first.blob, second.blob])
        #expect(try await outcome("disable-key-rotation", key) == "KMS.0313")
        try await call("enable-key-rotation", key)
        #expect(try await status(key) == Status(isEnabled: true, days: 365, last: "\(rotated)000", count: 1))
    }

    @Test func `Rotating by hand needs no interval, and puts the next rotation off where there is one`() async throws {
        let key = try await fixture.createKey()
        var old = [try await encrypt(key)]
        for count in 1...3 {
            advance(seconds: 10)
            try await call("rotate-on-demand", key)
            #expect(try await status(key) == Status(isEnabled: false, days: 365, last: "\(now)000", count: count))
            let new = try await encrypt(key)
            #expect(!old.map(\.version).contains(new.version))
            old.append(new)
        }
        try await expectDecrypted(old.map(\.blob))
        try await call("enable-key-rotation", key)
        try await setInterval(30, key)
        advance(days: 29)
        try await call("rotate-on-demand", key)
        advance(days: 1)
        #expect(try await work().isEmpty)
        advance(days: 29)
        #expect(try await work() == [key])
        try await expectDecrypted(old.map(\.blob))
    }

    @Test func `Data keys of older versions open too`() async throws {
        let key = try await fixture.createKey()
        let made = try await fixture.call("create-datakey", #"{"key_id":"\#(key)"}"#)
        let blob = try #require(made["cipher_text"]?.text)
        try await call("rotate-on-demand", key)
        let answer = try await fixture.call(
            "decrypt-datakey", #"{"key_id":"\#(key)","cipher_text":"\#(blob)","datakey_cipher_length":"32"}"#)
        #expect(answer["data_key"]?.text == made["plain_text"]?.text)
    }

    @Test func `A disabled key waits, and rotates once it is enabled`() async throws {
        let key = try await fixture.createKey()
        try await call("disable-key", key)
        try await call("enable-key-rotation", key)
        try await setInterval(30, key)
        advance(days: 40)
        #expect(try await work().isEmpty)
        #expect(try await outcome("rotate-on-demand", key) == "KMS.0209")
        try await call("enable-key", key)
        #expect(try await work() == [key])
    }

    @Test func `What a key's description says of rotation is what its status says`() async throws {
        let key = try await fixture.createKey()
        #expect(try await fixture.info(of: key)["key_rotation_enabled"]?.text == "false")
        try await call("enable-key-rotation", key)
        #expect(try await fixture.info(of: key)["key_rotation_enabled"]?.text == "true")
        try await call("disable-key-rotation", key)
        #expect(try await fixture.info(of: key)["key_rotation_enabled"]?.text == "false")
    }

    @Test(arguments: [
        ("enable-key-rotation", "kms:cmk:enableRotation"), ("disable-key-rotation", "kms:cmk:disableRotation"),
        ("update-key-rotation-interval", "kms:cmk:updateRotation"), ("rotate-on-demand", "kms:cmk:rotate"),
        ("get-key-rotation-status", "kms:cmk:getRotation"),
    ])
    func `A user needs the right to each call`(action: String, permission: String) async throws {
        let key = try await fixture.createKey()
        try await call("enable-key-rotation", key)
        let request = #"{"key_id":"\#(key)","rotation_interval":"90"}"#
        let wrong = #"{"key_id":"\#(key)","rotation_interval":"1"}"#
        let allowed = try await fixture.user("allowed", under: [HuaweiFixture.allowing([permission])])
        let refused = try await fixture.user(
            "refused", number: 200_000_000_002, under: [HuaweiFixture.allowing(["kms:cmk:get"])])
        for json in [request, wrong] {
            #expect(try await fixture.outcome(action, json, client: refused.client) == "KMS.0307")
        }
        #expect(try await fixture.outcome(action, request, client: allowed.client) == "ok")
    }
}
