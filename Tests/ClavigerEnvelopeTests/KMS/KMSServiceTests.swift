import ClavigerCrypto
import ClavigerSigning
import Testing

@testable import ClavigerEnvelope

@Suite struct KMSServiceTests {
    private static let plaintext = Base64.string(Array(1...16))

    private func dataKey(of transport: FakeKMS, clock: KMSClock = .system) throws(KMSFailure) -> String {
        let service = KMSFixtures.service(transport, clock: clock)
        return KMSFixtures.text(
            try service.generateDataKey(
                under: KMSFixtures.primary, context: #"{"a":"b"}"#, credentials: KMSFixtures.credentials
            ).plaintext)
    }

    // MARK: requests

    @Test func `A request has the headers of the API, and a signature over the media type and the host it names`()
        throws
    {
        let kms = FakeKMS()
        _ = try dataKey(of: kms, clock: TestClock().kmsClock)
        let request = try #require(kms.requests.first)
        #expect(request.endpoint.url == "http://kms.ap-guangzhou.example:7700/")
        #expect(request.timeout == .seconds(10))
        #expect(
            request.headers.map(\.name) == [
                "Content-Type", "Host", "X-TC-Action", "X-TC-Version", "X-TC-Timestamp", "X-TC-Region", "Authorization",
            ])
        #expect(
            request.headers.dropLast().map(\.value) == [
                "application/json", "kms.ap-guangzhou.example:7700", "GenerateDataKey", "2019-01-18", "1700000000",
                "ap-guangzhou",
            ])
        let authorization = try #require(TC3Authorization(request.header("Authorization") ?? ""))
        #expect(authorization.accessKeyID == "AKIDtest")
        #expect(authorization.date.elementsEqual("2023-11-14".utf8))
        #expect(authorization.service.elementsEqual("kms".utf8))
        #expect(authorization.signedNames.elementsEqual("content-type;host".utf8))
        let key = TC3.signingKey(
            secret: KMSFixtures.credentials.secretKey, date: authorization.date, service: authorization.service)
        let signed = TC3.Request(method: "POST", query: [], timestamp: 1_700_000_000, payload: request.body[...])
        #expect(
            authorization.isSignature(of: signed, under: key) { name in
                name.elementsEqual("host".utf8) ? "kms.ap-guangzhou.example:7700" : "application/json"
            })
    }

    @Test func `Each action's body has what the API asks for`() throws {
        let kms = FakeKMS()
        let service = KMSFixtures.service(kms)
        let credentials = KMSFixtures.credentials
        try service.checkStatus(region: "ap-guangzhou", credentials: credentials)
        let made = try service.generateDataKey(
            under: KMSFixtures.primary, context: #"{ "a":"\u00e9" }"#, credentials: credentials)
        _ = try service.encrypt(made.plaintext, under: KMSFixtures.backup, context: "{}", credentials: credentials)
        _ = try service.encrypt(made.plaintext, under: KMSFixtures.backup, context: "", credentials: credentials)
        let wrapped = try service.encrypt(
            made.plaintext, under: KMSFixtures.backup, context: "", credentials: credentials)
        _ = try service.decrypt(wrapped, context: "", credentials: credentials)
        let plaintext = FakeKMS.key(1)
        #expect(
            kms.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                "{}",
                #"{"KeyId":"key-1","KeySpec":"AES_128","EncryptionContext":"{ \"a\":\"\\u00e9\" }"}"#,
                #"{"KeyId":"key-2","Plaintext":"\#(plaintext)","EncryptionContext":"{}"}"#,
                #"{"KeyId":"key-2","Plaintext":"\#(plaintext)"}"#,
                #"{"KeyId":"key-2","Plaintext":"\#(plaintext)"}"#,
                #"{"CiphertextBlob":"ap-beijing|key-2|\#(plaintext)|"}"#,
            ])
    }

    @Test func `What was sent and answered is wiped`() {
        // Both names stand for the same memory.
        let bytes = Array("a data key in base64".utf8)
        do { _ = WipedBytes(bytes) }
        #expect(bytes.allSatisfy { $0 == 0 })
    }

    @Test func `A body that grows is as it was appended`() {
        let body = WipedBytes(capacity: 4)
        let all = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        for start in stride(from: 0, to: 1000, by: 40) {
            all[start..<start + 40].withUnsafeBytes { body.append($0) }
        }
        #expect(body.withBytes { $0 == all })
    }

    // MARK: answers

    @Test(arguments: [
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"x"}}"#,
        #" {"Other":[1],"Response":{"KeyId":7,"Plaintext":"\u0041QIDBAUGBwgJCgsMDQ4PEA\u003d=","CiphertextBlob":"\u00e9"}} "#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"\#(String(repeating: "x", count: 1023))"}}"#,
    ])
    func `An answer with the expected members is usable`(_ answer: String) throws {
        #expect(try dataKey(of: FakeKMS { _, _ in .json(answer) }) == Self.plaintext)
    }

    @Test(arguments: [
        "", "null", "[]", "{", #"{"Response":[]}"#, #"{"response":{}}"#, #"{"Response":{}}"#,
        #"{"Response":{"CiphertextBlob":"x"}}"#, #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA=="}}"#,
        #"{"Response":{"Plaintext":1,"CiphertextBlob":"x"}}"#,
        #"{"Response":{"Plaintext":null,"CiphertextBlob":"x"}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA","CiphertextBlob":"x"}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA=\n","CiphertextBlob":"x"}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEB==","CiphertextBlob":"x"}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":""}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":["x"]}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"a\u0000b"}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"\#(String(repeating: "x", count: 1024))"}}"#,
        #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"x"}} {}"#,
    ])
    func `An answer with anything else is unusable`(_ answer: String) {
        let failure = #expect(throws: KMSFailure.self) { try dataKey(of: FakeKMS { _, _ in .json(answer) }) }
        guard case .unusable = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(arguments: [
        "", "AQ==", "AQIDBAUGBwgJCgsMDQ4P", "AQIDBAUGBwgJCgsMDQ4PEBE=", Base64.string(.init(repeating: 7, count: 32)),
    ])
    func `A data key of another size than 16 bytes is told apart`(_ plaintext: String) {
        let answer = #"{"Response":{"Plaintext":"\#(plaintext)","CiphertextBlob":"x"}}"#
        let failure = #expect(throws: KMSFailure.self) { try dataKey(of: FakeKMS { _, _ in .json(answer) }) }
        #expect(failure == .wrongDataKeySize)
    }

    @Test(arguments: [
        (
            200, #"{"Response":{"Error":{"Code":"ResourceUnavailable.CmkDisabled","Message":"x"}}}"#,
            "ResourceUnavailable.CmkDisabled"
        ),
        (400, #"{"Response":{"Error":{"Code":"A"}}}"#, "A"),
        (
            200, #"{"Response":{"Error":null,"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"x"}}"#,
            "without a reason"
        ),
        (200, #"{"Response":{"Error":{"Code":"\u001b[31m"}}}"#, "without a reason"),
        (404, "not here", "HTTP status 404"), (302, "", "HTTP status 302"),
        (403, #"{"Response":{"Plaintext":"AQIDBAUGBwgJCgsMDQ4PEA==","CiphertextBlob":"x"}}"#, "HTTP status 403"),
    ])
    func `A refusal is told with its code`(_ status: Int, _ answer: String, _ reason: String) {
        let kms = FakeKMS { _, _ in .status(status, answer) }
        let failure = #expect(throws: KMSFailure.self) { try dataKey(of: kms) }
        #expect(failure == .refused(reason))
        #expect(kms.requests.count == 1)
    }

    // MARK: retries

    @Test(arguments: [FakeKMS.Reply.broken, .status(500, ""), .status(503, "{}")])
    func `A call is made once more when the connection broke or the server failed`(_ first: FakeKMS.Reply) throws {
        let clock = TestClock()
        let kms = FakeKMS { request, number in
            guard number == 0 else { return FakeKMS.work(request, number) }
            clock.advance(by: .seconds(4))
            return first
        }
        #expect(try dataKey(of: kms, clock: clock.kmsClock) == FakeKMS.key(1))
        let requests = kms.requests
        #expect(requests.count == 2)
        #expect(requests.map { $0.header("X-TC-Timestamp") } == ["1700000000", "1700000004"])
        #expect(requests[0].header("Authorization") != requests[1].header("Authorization"))
        // Both together keep to the limit.
        #expect(requests.map(\.timeout) == [.seconds(10), .seconds(6)])
        #expect(requests.map(\.isRetry) == [false, true])
        #expect(requests[0].body == requests[1].body)
    }

    @Test(arguments: [
        (FakeKMS.Reply.broken, "the connection broke"), (.status(502, ""), "HTTP status 502"),
        (.status(500, #"{"Response":{"Error":{"Code":"InternalError"}}}"#), "HTTP status 500"),
    ])
    func `There is no third attempt`(_ reply: FakeKMS.Reply, _ reason: String) {
        let kms = FakeKMS { _, _ in reply }
        let failure = #expect(throws: KMSFailure.self) { try dataKey(of: kms) }
        #expect(failure == .failed(reason))
        #expect(kms.requests.count == 2)
    }

    @Test func `There is no second attempt where nobody answers`() {
        let kms = FakeKMS { _, _ in .unreachable }
        let failure = #expect(throws: KMSFailure.self) { try dataKey(of: kms) }
        #expect(failure == .unreachable("nobody answers"))
        #expect(kms.requests.count == 1)
    }

    @Test(arguments: [FakeKMS.Reply.broken, .status(500, "")])
    func `There is no second attempt after the time for the whole call`(_ reply: FakeKMS.Reply) {
        let clock = TestClock()
        let kms = FakeKMS { _, _ in
            clock.advance(by: .seconds(10))
            return reply
        }
        #expect(throws: KMSFailure.self) { try dataKey(of: kms, clock: clock.kmsClock) }
        #expect(kms.requests.count == 1)
    }

    // MARK: where to

    @Test func `A region without an address is unreachable, and nothing is sent`() {
        let kms = FakeKMS()
        let service = KMSFixtures.service(kms, address: "other=http://kms.example")
        let failure = #expect(throws: KMSFailure.self) {
            try service.generateDataKey(under: KMSFixtures.primary, context: "", credentials: KMSFixtures.credentials)
        }
        #expect(failure == .unreachable("the region has no address"))
        #expect(kms.requests.isEmpty)
    }

    @Test func `Without an address of the KMS every region is unreachable`() {
        let kms = FakeKMS()
        let service = KMSService(transport: kms) { () throws(EnvelopeError) in
            throw EnvelopeError(.invalidArgument, "no address")
        }
        let failure = #expect(throws: KMSFailure.self) {
            try service.generateDataKey(under: KMSFixtures.primary, context: "", credentials: KMSFixtures.credentials)
        }
        #expect(failure == .unreachable("no address"))
    }

    // MARK: status

    @Test(arguments: [
        (#"{"ServiceEnabled":false,"UserLevel":1}"#, EnvelopeError.Code.serviceNotEnabled),
        (#"{"ServiceEnabled":false,"UserLevel":0}"#, .serviceNotEnabled),
        (#"{"ServiceEnabled":false}"#, .serviceNotEnabled),
        (#"{"ServiceEnabled":false,"UserLevel":null}"#, .serviceNotEnabled),
        (#"{"ServiceEnabled":true,"UserLevel":0}"#, .wrongEdition),
        (#"{"ServiceEnabled":true,"UserLevel":2}"#, .wrongEdition),
        (#"{"ServiceEnabled":true,"UserLevel":11}"#, .wrongEdition),
        (#"{"ServiceEnabled":1,"UserLevel":1}"#, .invalidArgument),
        (#"{"ServiceEnabled":true,"UserLevel":"1"}"#, .invalidArgument),
        (#"{"ServiceEnabled":true}"#, .invalidArgument), (#"{"UserLevel":1}"#, .invalidArgument),
        (#"{"Error":{"Code":"AuthFailure"}}"#, .invalidArgument),
    ])
    func `The KMS must be enabled, in the ultimate edition`(_ response: String, _ code: EnvelopeError.Code) {
        let service = KMSFixtures.service(FakeKMS { _, _ in .json(#"{"Response":\#(response)}"#) })
        let error = #expect(throws: EnvelopeError.self) {
            try service.checkStatus(region: "ap-guangzhou", credentials: KMSFixtures.credentials)
        }
        #expect(error?.code == code)
    }

    @Test(arguments: ["", "a b", "a\r\nX-Evil: 1"])
    func `The status is not asked for in a region that cannot be one`(_ region: String) {
        let kms = FakeKMS()
        let error = #expect(throws: EnvelopeError.self) {
            try KMSFixtures.service(kms).checkStatus(region: region, credentials: KMSFixtures.credentials)
        }
        #expect(error?.code == .invalidArgument)
        #expect(kms.requests.isEmpty)
    }
}
