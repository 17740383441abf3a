import ClavigerCrypto
import Foundation
import Synchronization
import Testing

@testable import ClavigerEnvelope

/// What many threads at once ask of the KMS. They are threads of their own: nothing here waits for Swift's pool.
@Suite(.timeLimit(.minutes(20))) struct DataKeysThreadTests {
    private let gate = Gate()

    private func dataKeys(_ kms: FakeKMS, messages: Int = 0) throws -> DataKeys {
        try DataKeys(
            credentials: KMSFixtures.credentials, limits: DataKeyLimits(messagesPerKey: messages),
            service: KMSFixtures.service(kms))
    }

    private final class Collected<Value: Sendable>: Sendable {
        let values = Mutex<[Value]>([])
    }

    /// Runs `body` on threads; what they gave is there when all have ended.
    private func onThreads<Value: Sendable>(
        _ count: Int, meanwhile: () -> Void, _ body: @escaping @Sendable () -> Value
    ) -> [Value] {
        let collected = Collected<Value>()
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            Thread {
                let value = body()
                collected.values.withLock { $0.append(value) }
                group.leave()
            }.start()
        }
        meanwhile()
        group.wait()
        return collected.values.withLock { $0 }
    }

    private typealias Outcome = Result<String, EnvelopeError>

    private static func encrypt(_ keys: DataKeys) -> Outcome {
        do throws(EnvelopeError) {
            return .success(
                KMSFixtures.text(try keys.forEncryption(under: [KMSFixtures.primary], context: "").plaintext))
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: [(0, 1), (1, 16), (2, 8), (3, 6), (15, 2), (16, 1), (17, 1)])
    func `Sixteen threads ask for as many data keys as sixteen messages need, all at once`(
        _ messages: Int, _ requests: Int
    ) throws {
        let kms = FakeKMS { [gate] request, number in
            gate.pass()
            return FakeKMS.work(request, number)
        }
        let keys = try dataKeys(kms, messages: messages)
        // None of them is answered until all have been asked for: nobody waits for a data key that cannot be for him.
        let outcomes = onThreads(16) {
            #expect(gate.waitForArrivals(requests))
            gate.open()
        } _: {
            Self.encrypt(keys)
        }
        #expect(kms.requests.count == requests)
        var uses: [String: Int] = [:]
        for outcome in outcomes { uses[try outcome.get(), default: 0] += 1 }
        #expect(uses.count == requests)
        #expect(messages == 0 || uses.values.allSatisfy { $0 <= messages })
        // What is left of the last one is used first.
        if messages > 0, 16 % messages != 0 {
            _ = try Self.encrypt(keys).get()
            #expect(kms.requests.count == requests)
        }
    }

    @Test func `A failure is that of all who waited for it`() throws {
        let kms = FakeKMS { [gate] _, number in
            gate.pass()
            return .error("Number\(number)")
        }
        let keys = try dataKeys(kms, messages: 16)
        // The second request shows that sixteen calls are with the first.
        let outcomes = onThreads(17) {
            #expect(gate.waitForArrivals(2))
            gate.open()
        } _: {
            Self.encrypt(keys)
        }
        #expect(kms.requests.count == 2)
        var failures: [EnvelopeError: Int] = [:]
        for case .failure(let error) in outcomes { failures[error, default: 0] += 1 }
        #expect(failures.values.sorted() == [1, 16])
    }

    @Test func `Sixteen threads with one message ask the KMS to decrypt once`() throws {
        let kms = FakeKMS { [gate] request, number in
            gate.pass()
            return FakeKMS.work(request, number)
        }
        let keys = try dataKeys(kms)
        let wrapped = EncryptedDataKey(region: "r", keyID: "k", ciphertext: "r|k|\(FakeKMS.key(9))|")
        let outcomes = onThreads(16) {
            #expect(gate.waitForArrivals(1))
            gate.open()
        } _: {
            (try? keys.forDecryption([wrapped], context: "")).map(KMSFixtures.text)
        }
        #expect(outcomes == Array(repeating: FakeKMS.key(9), count: 16))
        #expect(kms.requests.count == 1)
    }

    @Test func `Threads with different messages do not wait for each other`() throws {
        let kms = FakeKMS { [gate] request, number in
            gate.pass()
            return FakeKMS.work(request, number)
        }
        let keys = try dataKeys(kms)
        let counter = Counter()
        let outcomes = onThreads(8) {
            #expect(gate.waitForArrivals(8))
            gate.open()
        } _: {
            let region = "r\(counter.next())"
            let wrapped = EncryptedDataKey(region: region, keyID: "k", ciphertext: "\(region)|k|\(FakeKMS.key(9))|")
            return (try? keys.forDecryption([wrapped], context: "")) != nil
        }
        #expect(outcomes == Array(repeating: true, count: 8))
    }

    private final class Counter: Sendable {
        private let number = Atomic<Int>(0)
        func next() -> Int { number.add(1, ordering: .relaxed).newValue }
    }

    @Test(arguments: [true, false])
    func `Caches that are wiped while the KMS is asked do not keep its answer`(_ encrypting: Bool) throws {
        let kms = FakeKMS { [gate] request, number in
            gate.pass()
            return FakeKMS.work(request, number)
        }
        let keys = try dataKeys(kms)
        let wrapped = EncryptedDataKey(region: "r", keyID: "k", ciphertext: "r|k|\(FakeKMS.key(9))|")
        let call: @Sendable () -> Bool = {
            encrypting
                ? (try? Self.encrypt(keys).get()) != nil : (try? keys.forDecryption([wrapped], context: "")) != nil
        }
        let outcomes = onThreads(1) {
            #expect(gate.waitForArrivals(1))
            keys.wipe()
            gate.open()
        } _: {
            call()
        }
        #expect(outcomes == [true])
        #expect(call())
        #expect(kms.requests.count == 2)
    }

    @Test func `Messages are counted exactly when many threads use one data key`() throws {
        let kms = FakeKMS()
        let keys = try dataKeys(kms, messages: 100)
        let outcomes = onThreads(8) {
        } _: {
            (0..<500).map { _ in Self.encrypt(keys) }
        }
        var uses: [String: Int] = [:]
        for outcome in outcomes.joined() { uses[try outcome.get(), default: 0] += 1 }
        #expect(uses.count == 40)
        #expect(uses.values.allSatisfy { $0 == 100 })
        #expect(kms.requests.count == 40)
    }
}
