import ClavigerCrypto
import Testing

@testable import ClavigerEnvelope

/// Which master keys take part in a data key.
@Suite struct NewDataKeyTests {
    private static let all = [KMSFixtures.primary, KMSFixtures.backup, KMSFixtures.third]

    private func newDataKey(_ kms: FakeKMS) throws(EnvelopeError) -> DataKey {
        try KMSFixtures.service(kms).newDataKey(
            under: Self.all, context: "{}", credentials: KMSFixtures.credentials
        ).key
    }

    private func calls(_ kms: FakeKMS) -> [String] { kms.requests.map { "\($0.action) \($0.region)" } }

    @Test func `The first master key generates the data key, and the others encrypt it`() throws {
        let kms = FakeKMS()
        let key = try newDataKey(kms)
        #expect(calls(kms) == ["GenerateDataKey ap-guangzhou", "Encrypt ap-beijing", "Encrypt ap-shanghai"])
        #expect(KMSFixtures.text(key.plaintext) == FakeKMS.key(0))
        #expect(key.wrapped.map(\.region) == ["ap-guangzhou", "ap-beijing", "ap-shanghai"])
        #expect(key.wrapped.map(\.keyID) == ["key-1", "key-2", "key-3"])
        #expect(key.wrapped[1].ciphertext == "ap-beijing|key-2|\(FakeKMS.key(0))|7b7d")
    }

    @Test func `One that refuses to generate is asked to encrypt like the others, and stays in its place`() throws {
        let kms = FakeKMS { request, number in
            request.action == "GenerateDataKey" && request.region == "ap-guangzhou"
                ? .error("InternalError") : FakeKMS.work(request, number)
        }
        let key = try newDataKey(kms)
        #expect(
            calls(kms) == [
                "GenerateDataKey ap-guangzhou", "GenerateDataKey ap-beijing", "Encrypt ap-guangzhou",
                "Encrypt ap-shanghai",
            ])
        #expect(key.wrapped.map(\.region) == ["ap-guangzhou", "ap-beijing", "ap-shanghai"])
    }

    @Test func `One that nobody answers for is not asked again for this data key`() throws {
        let kms = FakeKMS { request, number in
            request.region == "ap-guangzhou" ? .unreachable : FakeKMS.work(request, number)
        }
        let key = try newDataKey(kms)
        #expect(calls(kms) == ["GenerateDataKey ap-guangzhou", "GenerateDataKey ap-beijing", "Encrypt ap-shanghai"])
        #expect(key.wrapped.map(\.region) == ["ap-beijing", "ap-shanghai"])
    }

    @Test(arguments: [FakeKMS.Reply.broken, .status(500, ""), .status(503, "{}")])
    func `One that failed to generate is asked to encrypt like the others`(_ reply: FakeKMS.Reply) throws {
        let kms = FakeKMS { request, number in
            request.action == "GenerateDataKey" && request.region == "ap-guangzhou"
                ? reply : FakeKMS.work(request, number)
        }
        let key = try newDataKey(kms)
        #expect(
            calls(kms) == [
                "GenerateDataKey ap-guangzhou", "GenerateDataKey ap-guangzhou", "GenerateDataKey ap-beijing",
                "Encrypt ap-guangzhou", "Encrypt ap-shanghai",
            ])
        #expect(key.wrapped.map(\.region) == ["ap-guangzhou", "ap-beijing", "ap-shanghai"])
    }

    @Test(arguments: [
        FakeKMS.Reply.unreachable, .broken, .status(500, ""), .error("ResourceUnavailable.CmkDisabled"),
        .status(404, ""),
    ])
    func `One that cannot encrypt is left out`(_ reply: FakeKMS.Reply) throws {
        let kms = FakeKMS { request, number in
            request.region == "ap-beijing" ? reply : FakeKMS.work(request, number)
        }
        #expect(try newDataKey(kms).wrapped.map(\.region) == ["ap-guangzhou", "ap-shanghai"])
    }

    @Test(arguments: ["", "{}", #"{"Response":{}}"#, #"{"Response":{"CiphertextBlob":""}}"#])
    func `An unusable answer to Encrypt fails the whole`(_ answer: String) {
        let kms = FakeKMS { request, number in
            request.region == "ap-beijing" ? .json(answer) : FakeKMS.work(request, number)
        }
        let error = #expect(throws: EnvelopeError.self) { try newDataKey(kms) }
        #expect(error?.code == .dataKeyNotEncrypted)
    }

    @Test(arguments: [
        FakeKMS.Reply.unreachable, .error("ResourceUnavailable.CmkDisabled"), .json(""), .json(#"{"Response":{}}"#),
    ])
    func `If none can generate a data key there is none`(_ reply: FakeKMS.Reply) {
        let kms = FakeKMS { _, _ in reply }
        let error = #expect(throws: EnvelopeError.self) { try newDataKey(kms) }
        #expect(error?.code == .dataKeyNotGenerated)
        #expect(kms.count("GenerateDataKey") == 3)
        #expect(kms.requests.count == 3)
    }

    private static let wrongSize = #"{"Response":{"Plaintext":"AQ==","CiphertextBlob":"x"}}"#

    @Test func `A data key of a wrong size is passed over`() throws {
        let kms = FakeKMS { request, number in
            request.action == "GenerateDataKey" && request.region == "ap-guangzhou"
                ? .json(Self.wrongSize) : FakeKMS.work(request, number)
        }
        #expect(KMSFixtures.text(try newDataKey(kms).plaintext) == FakeKMS.key(1))
    }

    @Test func `If there is none, one of a wrong size is the reason`() {
        let kms = FakeKMS { request, _ in
            request.region == "ap-beijing" ? .json(Self.wrongSize) : .error("InternalError")
        }
        let error = #expect(throws: EnvelopeError.self) { try newDataKey(kms) }
        #expect(error?.code == .wrongDataKeySize)
    }

    @Test func `The error names each master key and what was wrong`() {
        let kms = FakeKMS { request, _ in
            request.region == "ap-beijing" ? .unreachable : .error("ResourceUnavailable.CmkDisabled")
        }
        let error = #expect(throws: EnvelopeError.self) { try newDataKey(kms) }
        #expect(
            error?.message
                == "no master key could generate a data key: "
                + "ap-guangzhou/key-1 refused, ResourceUnavailable.CmkDisabled; "
                + "ap-beijing/key-2 unreachable, nobody answers; "
                + "ap-shanghai/key-3 refused, ResourceUnavailable.CmkDisabled")
    }
}
