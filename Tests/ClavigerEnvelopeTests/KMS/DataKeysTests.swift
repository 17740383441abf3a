import ClavigerCrypto
import Synchronization
import Testing

@testable import ClavigerEnvelope

@Suite struct DataKeysTests {
    private let clock = TestClock()
    private let one = [KMSFixtures.primary]

    private func dataKeys(
        _ kms: FakeKMS, messages: Int = 0, encryptionSeconds: Int = 0, decryptionSeconds: Int = 0
    ) throws -> DataKeys {
        try DataKeys(
            credentials: KMSFixtures.credentials,
            limits: DataKeyLimits(
                messagesPerKey: messages, encryptionSeconds: encryptionSeconds, decryptionSeconds: decryptionSeconds),
            service: KMSFixtures.service(kms, clock: clock.kmsClock))
    }

    private func wrapped(_ number: Int, region: String = "ap-guangzhou", context: String = "") -> EncryptedDataKey {
        EncryptedDataKey(
            region: region, keyID: "key-1",
            ciphertext: "\(region)|key-1|\(FakeKMS.key(number))|\(Hex.string(context.utf8))")
    }

    // MARK: encryption

    @Test func `Without limits one data key serves all messages`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        for _ in 0..<50 {
            let key = try keys.forEncryption(under: one, context: "")
            #expect(KMSFixtures.text(key.plaintext) == FakeKMS.key(0))
            clock.advance(by: .seconds(1_000_000))
        }
        #expect(kms.requests.count == 1)
    }

    @Test(arguments: [(1, 5), (2, 3), (3, 2), (5, 1), (6, 1)])
    func `A data key encrypts no more messages than it may`(_ messages: Int, _ requests: Int) throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms, messages: messages)
        var uses: [String: Int] = [:]
        for _ in 0..<5 {
            uses[KMSFixtures.text(try keys.forEncryption(under: one, context: "").plaintext), default: 0] += 1
        }
        #expect(kms.count("GenerateDataKey") == requests)
        #expect(uses.values.allSatisfy { $0 <= messages })
    }

    @Test func `A data key encrypts for less than its time`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms, encryptionSeconds: 10)
        _ = try keys.forEncryption(under: one, context: "")
        clock.advance(by: .milliseconds(9999))
        _ = try keys.forEncryption(under: one, context: "")
        #expect(kms.requests.count == 1)
        clock.advance(by: .milliseconds(1))
        #expect(KMSFixtures.text(try keys.forEncryption(under: one, context: "").plaintext) == FakeKMS.key(1))
    }

    @Test func `Its time begins when the KMS gave it, not when the other master keys had encrypted it`() throws {
        let kms = FakeKMS { [clock] request, number in
            if request.action == "Encrypt" { clock.advance(by: .seconds(4)) }
            return FakeKMS.work(request, number)
        }
        let keys = try dataKeys(kms, encryptionSeconds: 10)
        _ = try keys.forEncryption(under: [KMSFixtures.primary, KMSFixtures.backup], context: "")
        clock.advance(by: .seconds(5))
        _ = try keys.forEncryption(under: [KMSFixtures.primary, KMSFixtures.backup], context: "")
        #expect(kms.count("GenerateDataKey") == 1)
        clock.advance(by: .seconds(1))
        _ = try keys.forEncryption(under: [KMSFixtures.primary, KMSFixtures.backup], context: "")
        #expect(kms.count("GenerateDataKey") == 2)
    }

    @Test func `A data key that is too old when it is complete serves the one who asked`() throws {
        let kms = FakeKMS { [clock] request, number in
            if request.action == "Encrypt" { clock.advance(by: .seconds(4)) }
            return FakeKMS.work(request, number)
        }
        let keys = try dataKeys(kms, encryptionSeconds: 1)
        for _ in 0..<2 {
            _ = try keys.forEncryption(under: [KMSFixtures.primary, KMSFixtures.backup], context: "")
        }
        #expect(kms.count("GenerateDataKey") == 2)
    }

    @Test func `Each list of master keys and each context has a data key of its own, byte by byte`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        let both = [KMSFixtures.primary, KMSFixtures.backup]
        for masterKeys in [one, both, both.reversed()] {
            // The last two are equal as Swift compares texts.
            for context in ["", #"{"a":"b"}"#, #"{"a": "b"}"#, "{\"a\":\"\u{e9}\"}", "{\"a\":\"e\u{301}\"}"] {
                _ = try keys.forEncryption(under: masterKeys, context: context)
                _ = try keys.forEncryption(under: masterKeys, context: context)
            }
        }
        #expect(kms.count("GenerateDataKey") == 15)
    }

    @Test func `A failure is not remembered`() throws {
        let kms = FakeKMS { request, number in number == 0 ? .unreachable : FakeKMS.work(request, number) }
        let keys = try dataKeys(kms)
        let error = #expect(throws: EnvelopeError.self) { try keys.forEncryption(under: one, context: "") }
        #expect(error?.code == .dataKeyNotGenerated)
        _ = try keys.forEncryption(under: one, context: "")
        #expect(kms.requests.count == 2)
    }

    @Test func `Without master keys the KMS is not asked`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        let error = #expect(throws: EnvelopeError.self) { try keys.forEncryption(under: [], context: "") }
        #expect(error?.code == .noMasterKey)
        #expect(kms.requests.isEmpty)
    }

    @Test func `A thousand contexts are kept, and the least recently used goes`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        for number in 0..<1000 { _ = try keys.forEncryption(under: one, context: "{\"n\":\(number)}") }
        _ = try keys.forEncryption(under: one, context: "{\"n\":0}")
        #expect(kms.requests.count == 1000)
        _ = try keys.forEncryption(under: one, context: "{\"n\":1000}")
        _ = try keys.forEncryption(under: one, context: "{\"n\":0}")
        #expect(kms.requests.count == 1001)
        _ = try keys.forEncryption(under: one, context: "{\"n\":1}")
        #expect(kms.requests.count == 1002)
    }

    // MARK: decryption

    @Test func `What the KMS decrypted is known until its time is over`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms, decryptionSeconds: 10)
        for _ in 0..<3 {
            #expect(KMSFixtures.text(try keys.forDecryption([wrapped(7)], context: "")) == FakeKMS.key(7))
        }
        clock.advance(by: .milliseconds(9999))
        _ = try keys.forDecryption([wrapped(7)], context: "")
        #expect(kms.requests.count == 1)
        clock.advance(by: .milliseconds(1))
        _ = try keys.forDecryption([wrapped(7)], context: "")
        #expect(kms.requests.count == 2)
    }

    @Test func `Without a limit it is known for good`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        for _ in 0..<3 {
            _ = try keys.forDecryption([wrapped(7)], context: "")
            clock.advance(by: .seconds(1_000_000))
        }
        #expect(kms.requests.count == 1)
    }

    @Test func `It is known for its own context, byte by byte`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        let composed = "{\"a\":\"\u{e9}\"}"
        let decomposed = "{\"a\":\"e\u{301}\"}"
        let key = wrapped(7, context: composed)
        _ = try keys.forDecryption([key], context: composed)
        let error = #expect(throws: EnvelopeError.self) { try keys.forDecryption([key], context: decomposed) }
        #expect(error?.code == .dataKeyNotDecrypted)
        #expect(kms.requests.count == 2)
    }

    @Test func `The first encrypted data key that works is taken, in the header's order`() throws {
        let kms = FakeKMS { request, number in
            switch request.region {
            case "a": .unreachable
            case "b": .error("ResourceUnavailable.CmkDisabled")
            case "c": .json("")
            default: FakeKMS.work(request, number)
            }
        }
        let keys = try dataKeys(kms)
        let regions = ["a", "b", "c", "d", "e"]
        let key = try keys.forDecryption(
            regions.enumerated().map { wrapped($0.offset, region: $0.element) }, context: "")
        #expect(KMSFixtures.text(key) == FakeKMS.key(3))
        #expect(kms.requests.map(\.region) == ["a", "b", "c", "d"])
    }

    @Test func `One that is known is taken before any other is asked for`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        _ = try keys.forDecryption([wrapped(2, region: "b")], context: "")
        _ = try keys.forDecryption([wrapped(2, region: "a"), wrapped(2, region: "b")], context: "")
        #expect(kms.requests.map(\.region) == ["b"])
    }

    @Test func `No more than five are tried`() throws {
        let kms = FakeKMS { _, _ in .unreachable }
        let keys = try dataKeys(kms)
        #expect(throws: EnvelopeError.self) {
            try keys.forDecryption((0..<100).map { wrapped($0) }, context: "")
        }
        #expect(kms.requests.count == 5)
    }

    @Test func `Without encrypted data keys there is none`() throws {
        let keys = try dataKeys(FakeKMS())
        let error = #expect(throws: EnvelopeError.self) { try keys.forDecryption([], context: "") }
        #expect(error?.code == .dataKeyNotDecrypted)
    }

    @Test func `A region that somebody made up is passed over`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        let made = wrapped(1, region: "evil\u{1b}[2J.example/\r\n")
        #expect(KMSFixtures.text(try keys.forDecryption([made, wrapped(2)], context: "")) == FakeKMS.key(2))
        #expect(kms.requests.count == 1)
        let error = #expect(throws: EnvelopeError.self) { try keys.forDecryption([made], context: "") }
        #expect(error?.message.utf8.allSatisfy { 0x20...0x7E ~= $0 } == true)
    }

    @Test func `A data key of a wrong size is passed over, and is the reason if there is no other`() throws {
        let kms = FakeKMS { request, number in
            switch request.region {
            case "a": .json(#"{"Response":{"Plaintext":"AQ=="}}"#)
            case "b": .unreachable
            default: FakeKMS.work(request, number)
            }
        }
        let keys = try dataKeys(kms)
        _ = try keys.forDecryption([wrapped(1, region: "a"), wrapped(1, region: "c")], context: "")
        let error = #expect(throws: EnvelopeError.self) {
            try keys.forDecryption([wrapped(2, region: "a"), wrapped(2, region: "b")], context: "")
        }
        #expect(error?.code == .wrongDataKeySize)
    }

    @Test func `A thousand decrypted data keys are known, and the least recently used goes`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        for number in 0..<1000 { _ = try keys.forDecryption([wrapped(7, region: "r\(number)")], context: "") }
        _ = try keys.forDecryption([wrapped(7, region: "r0")], context: "")
        #expect(kms.requests.count == 1000)
        _ = try keys.forDecryption([wrapped(7, region: "r1000")], context: "")
        _ = try keys.forDecryption([wrapped(7, region: "r0")], context: "")
        #expect(kms.requests.count == 1001)
        _ = try keys.forDecryption([wrapped(7, region: "r1")], context: "")
        #expect(kms.requests.count == 1002)
    }

    // MARK: both

    @Test func `Neither cache feeds the other`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        let key = try keys.forEncryption(under: one, context: "")
        _ = try keys.forDecryption(key.wrapped, context: "")
        _ = try keys.forEncryption(under: one, context: "")
        #expect(kms.requests.map(\.action) == ["GenerateDataKey", "Decrypt"])
    }

    @Test func `Wiped caches know nothing`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms)
        for _ in 0..<2 {
            let key = try keys.forEncryption(under: one, context: "")
            _ = try keys.forDecryption(key.wrapped, context: "")
            keys.wipe()
        }
        #expect(kms.requests.map(\.action) == ["GenerateDataKey", "Decrypt", "GenerateDataKey", "Decrypt"])
    }

    @Test func `A child process does not go on with its parent's data key, whose messages it cannot count`() throws {
        let kms = FakeKMS()
        let process = Mutex<Int32>(1)
        let keys = try DataKeys(
            credentials: KMSFixtures.credentials, limits: DataKeyLimits(messagesPerKey: 3),
            service: KMSFixtures.service(kms), processID: { process.withLock { $0 } })
        let key = try keys.forEncryption(under: one, context: "")
        _ = try keys.forDecryption(key.wrapped, context: "")
        process.withLock { $0 = 2 }
        _ = try keys.forEncryption(under: one, context: "")
        _ = try keys.forEncryption(under: one, context: "")
        _ = try keys.forDecryption(key.wrapped, context: "")
        #expect(kms.requests.map(\.action) == ["GenerateDataKey", "Decrypt", "GenerateDataKey"])
    }
}
