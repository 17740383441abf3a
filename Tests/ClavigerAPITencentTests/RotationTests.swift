import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPITencent

/// Rotation by the clock, as the background worker does it.
@Suite struct RotationTests {
    private static let day: Int64 = 86_400

    private let fixture: TencentFixture
    private var now: Int64 { fixture.clock.now.seconds }

    init() async throws { fixture = try await TencentFixture() }

    private func rotatingKey(days: Int, alias: String = "app") async throws -> String {
        let key = try await fixture.createKey(alias)
        try await fixture.call("EnableKeyRotation", ["KeyId": key, "RotateDays": days])
        return key
    }

    private func advance(days: Int64 = 0, seconds: Int64 = 0) {
        fixture.clock.advance(by: .seconds(days * Self.day + seconds))
    }

    /// Does what is due.
    ///
    /// - Returns: the keys that rotated.
    private func work() async throws -> [String] {
        let outcome = try await fixture.kms.carryOut(.rotation)
        #expect(outcome.failures.isEmpty)
        return outcome.done.map(\.id.description)
    }

    private func encrypt(_ key: String) async throws -> String {
        let response = try await fixture.call("Encrypt", ["KeyId": key, "Plaintext": SampleBytes.base64(16)])
        return try #require(response["CiphertextBlob"]?.text)
    }

    private func expectDecrypted(_ blobs: [String], _ comment: Comment? = nil) async throws {
        for blob in blobs {
            let response = try await fixture.call("Decrypt", ["CiphertextBlob": blob])
            #expect(response["Plaintext"]?.text == SampleBytes.base64(16), comment)
        }
    }

    /// Whether re-encryption moves the ciphertext, that is, whether it is of an older version.
    private func isOutdated(_ blob: String) async throws -> Bool {
        try await fixture.call("ReEncrypt", ["CiphertextBlob": blob])["ReEncrypted"] == .bool(true)
    }

    /// NextRotateTime, LastRotateTime and RotateDays.
    private func schedule(of key: String) async throws -> [Int64?] {
        let metadata = try await fixture.metadata(of: key)
        return ["NextRotateTime", "LastRotateTime", "RotateDays"].map { metadata[$0]?.integer }
    }

    @Test(arguments: [7, 30, 365])
    func `A rotation is due at its second and not before`(days: Int) async throws {
        let key = try await rotatingKey(days: days)
        let old = try await encrypt(key)
        advance(days: Int64(days), seconds: -1)
        #expect(try await work().isEmpty)
        #expect(try await isOutdated(old) == false)
        #expect(try await schedule(of: key) == [now + 1, 0, Int64(days)])
        advance(seconds: 1)
        #expect(try await work() == [key])
        #expect(try await isOutdated(old))
        #expect(try await isOutdated(try await encrypt(key)) == false)
        #expect(try await schedule(of: key) == [now + Int64(days) * Self.day, now, Int64(days)])
        #expect(try await work().isEmpty)
        try await expectDecrypted([old])
    }

    @Test func `A key rotates again and again, and all ciphertexts decrypt`() async throws {
        let key = try await rotatingKey(days: 7)
        var blobs = [try await encrypt(key)]
        for _ in 0..<5 {
            advance(days: 7)
            #expect(try await work() == [key])
            try await expectDecrypted(blobs)
            blobs.append(try await encrypt(key))
        }
        for (index, blob) in blobs.enumerated() {
            #expect(try await isOutdated(blob) == (index < blobs.count - 1))
        }
        try await fixture.call("ArchiveKey", ["KeyId": key])
        try await expectDecrypted(blobs, "archived")
    }

    @Test func `After years without the worker a key rotates once, and the next date counts from then`() async throws {
        let key = try await rotatingKey(days: 7)
        let old = try await encrypt(key)
        advance(days: 3 * 365, seconds: 17)
        #expect(try await work() == [key])
        #expect(try await work().isEmpty)
        #expect(try await schedule(of: key) == [now + 7 * Self.day, now, 7])
        advance(days: 7, seconds: -1)
        #expect(try await work().isEmpty)
        advance(seconds: 1)
        #expect(try await work() == [key])
        try await expectDecrypted([old])
    }

    @Test(arguments: ["DisableKey", "ArchiveKey"], [0, 1, 500] as [Int64])
    func `A key that is not enabled waits, and is made up for once it is`(action: String, late: Int64) async throws {
        let key = try await rotatingKey(days: 7)
        let old = try await encrypt(key)
        try await fixture.call(action, ["KeyId": key])
        let due = now + 7 * Self.day
        advance(days: 7 + late)
        #expect(try await work().isEmpty)
        #expect(try await schedule(of: key) == [due, 0, 7])
        try await fixture.call(action == "DisableKey" ? "EnableKey" : "CancelKeyArchive", ["KeyId": key])
        #expect(try await isOutdated(old) == false)
        #expect(try await work() == [key])
        #expect(try await isOutdated(old))
        #expect(try await schedule(of: key) == [now + 7 * Self.day, now, 7])
        #expect(try await work().isEmpty)
    }

    @Test func `A key whose deletion is pending does not rotate`() async throws {
        let key = try await rotatingKey(days: 7)
        try await fixture.call("DisableKey", ["KeyId": key])
        try await fixture.call("ScheduleKeyDeletion", ["KeyId": key, "PendingWindowInDays": 30])
        advance(days: 8)
        #expect(try await work().isEmpty)
        try await fixture.call("CancelKeyDeletion", ["KeyId": key])
        #expect(try await work().isEmpty)
        try await fixture.call("EnableKey", ["KeyId": key])
        #expect(try await work() == [key])
    }

    @Test func `A disabled key whose rotation is switched on rotates once it is enabled`() async throws {
        let key = try await fixture.createKey()
        try await fixture.call("DisableKey", ["KeyId": key])
        try await fixture.call("EnableKeyRotation", ["KeyId": key, "RotateDays": 7])
        advance(days: 7)
        #expect(try await work().isEmpty)
        try await fixture.call("EnableKey", ["KeyId": key])
        #expect(try await work() == [key])
    }

    @Test func `A changed period counts from the change`() async throws {
        let key = try await rotatingKey(days: 365)
        advance(days: 100)
        try await fixture.call("EnableKeyRotation", ["KeyId": key, "RotateDays": 7])
        #expect(try await schedule(of: key) == [now + 7 * Self.day, 0, 7])
        advance(days: 7, seconds: -1)
        #expect(try await work().isEmpty)
        advance(seconds: 1)
        #expect(try await work() == [key])
        let rotated = now
        try await fixture.call("EnableKeyRotation", ["KeyId": key, "RotateDays": 30])
        #expect(try await schedule(of: key) == [now + 30 * Self.day, rotated, 30])
        advance(days: 29)
        #expect(try await work().isEmpty)
        advance(days: 1)
        #expect(try await work() == [key])
    }

    @Test func `A rotation by hand puts the next one off, and needs no period`() async throws {
        let key = try await rotatingKey(days: 7)
        let old = try await encrypt(key)
        advance(days: 6)
        try await fixture.call("RotateKey", ["KeyId": key])
        #expect(try await schedule(of: key) == [now + 7 * Self.day, now, 7])
        #expect(try await isOutdated(old))
        advance(days: 1)
        #expect(try await work().isEmpty)
        advance(days: 6)
        #expect(try await work() == [key])
        let other = try await fixture.createKey("other")
        try await fixture.call("RotateKey", ["KeyId": other])
        #expect(try await schedule(of: other) == [0, now, 0])
        try await expectDecrypted([old])
    }

    @Test func `A key whose rotation was switched off does not rotate, and keeps its last time`() async throws {
        let key = try await rotatingKey(days: 7)
        advance(days: 7)
        #expect(try await work() == [key])
        let rotated = now
        try await fixture.call("DisableKeyRotation", ["KeyId": key])
        #expect(try await schedule(of: key) == [0, rotated, 0])
        advance(days: 365)
        #expect(try await work().isEmpty)
        #expect(try await schedule(of: key) == [0, rotated, 0])
    }

    @Test func `Each key has a schedule of its own`() async throws {
        let first = try await rotatingKey(days: 7, alias: "a")
        advance(days: 1)
        let second = try await rotatingKey(days: 7, alias: "b")
        let third = try await rotatingKey(days: 30, alias: "c")
        let never = try await fixture.createKey("d")
        let old = try await encrypt(never)
        advance(days: 6)
        #expect(try await work() == [first])
        advance(days: 1)
        #expect(try await work() == [second])
        advance(days: 23)
        #expect(Set(try await work()) == [first, second, third])
        #expect(try await isOutdated(old) == false)
    }

    @Test func `A rotation is recorded before it is done, and not done without its record`() async throws {
        let key = try await rotatingKey(days: 7)
        let old = try await encrypt(key)
        advance(days: 7)
        fixture.dueWork.setBroken(true)
        await #expect(throws: KMSError.self) { try await fixture.kms.carryOut(.rotation) }
        #expect(fixture.dueWork.entries.isEmpty)
        #expect(try await isOutdated(old) == false)
        fixture.dueWork.setBroken(false)
        #expect(try await work() == [key])
        #expect(fixture.dueWork.entries == ["rotation \(key)"])
    }

    @Test func `Rotation moves a ciphertext to the newest version, and only once`() async throws {
        let key = try await rotatingKey(days: 7)
        let old = try await encrypt(key)
        advance(days: 7)
        #expect(try await work() == [key])
        let moved = try #require(try await fixture.call("ReEncrypt", ["CiphertextBlob": old])["CiphertextBlob"]?.text)
        #expect(moved != old)
        #expect(try await isOutdated(moved) == false)
        try await expectDecrypted([old, moved])
    }

    @Test func `A key of the SM edition rotates`() async throws {
        let region = "ap-shenzhen-fsi"
        let key = try await fixture.createKey(region: region)
        try await fixture.call("EnableKeyRotation", ["KeyId": key, "RotateDays": 7], region: region)
        let plaintext = SampleBytes.base64(16)
        let encrypted = try await fixture.call("Encrypt", ["KeyId": key, "Plaintext": plaintext], region: region)
        let blob = try #require(encrypted["CiphertextBlob"]?.text)
        advance(days: 7)
        #expect(try await work() == [key])
        let moved = try await fixture.call("ReEncrypt", ["CiphertextBlob": blob], region: region)
        #expect(moved["ReEncrypted"] == .bool(true))
        for blob in [blob, try #require(moved["CiphertextBlob"]?.text)] {
            let decrypted = try await fixture.call("Decrypt", ["CiphertextBlob": blob], region: region)
            #expect(decrypted["Plaintext"]?.text == plaintext)
        }
    }
}
