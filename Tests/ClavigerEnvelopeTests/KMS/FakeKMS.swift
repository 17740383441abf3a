import ClavigerCrypto
import ClavigerEnvelope
import Synchronization

/// A KMS without a network: it records the requests, and answers each as it is told.
final class FakeKMS: KMSTransport {
    struct Request: Sendable {
        let action: String
        let region: String
        let endpoint: KMSEndpoint
        let headers: [(name: String, value: String)]
        let body: [UInt8]
        let timeout: Duration
        let isRetry: Bool

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        /// A text in the request's JSON.
        func text(_ name: String) -> String? { (try? JSONParser.parse(body))?[name]?.text }
    }

    enum Reply: Sendable {
        case json(String)
        case status(Int, String)
        case failure(KMSTransportError)

        /// A refusal as the KMS writes it.
        static func error(_ code: String) -> Reply {
            .json(#"{"Response":{"Error":{"Code":"\#(code)","Message":"no"},"RequestId":"1"}}"#)
        }

        static let unreachable = Reply.failure(KMSTransportError("nobody answers"))
        static let broken = Reply.failure(KMSTransportError(isBrokenConnection: true, "the connection broke"))
    }

    private let recorded = Mutex<[Request]>([])
    private let reply: @Sendable (Request, _ number: Int) -> Reply

    /// - Parameter reply: is given the request, and how many came before it.
    init(_ reply: @escaping @Sendable (Request, Int) -> Reply) { self.reply = reply }

    var requests: [Request] { recorded.withLock { $0 } }

    func count(_ action: String) -> Int { requests.count { $0.action == action } }

    func post(
        _ body: UnsafeRawBufferPointer, to endpoint: KMSEndpoint, headers: [(name: String, value: String)],
        timeout: Duration, isRetry: Bool
    ) throws(KMSTransportError) -> KMSAnswer {
        func value(_ name: String) -> String { headers.first { $0.name == name }?.value ?? "" }
        let request = Request(
            action: value("X-TC-Action"), region: value("X-TC-Region"), endpoint: endpoint, headers: headers,
            body: Array(body), timeout: timeout, isRetry: isRetry)
        let number = recorded.withLock { recorded in
            recorded.append(request)
            return recorded.count - 1
        }
        switch reply(request, number) {
        case .json(let text): return KMSAnswer(status: 200, body: WipedBytes(Array(text.utf8)))
        case .status(let status, let text): return KMSAnswer(status: status, body: WipedBytes(Array(text.utf8)))
        case .failure(let error): throw error
        }
    }
}

extension FakeKMS {
    /// One that works: the blob of a data key names its region, key, context and plaintext.
    convenience init() { self.init { request, number in Self.work(request, number) } }

    static func work(_ request: Request, _ number: Int) -> Reply {
        let context = Hex.string((request.text("EncryptionContext") ?? "").utf8)
        switch request.action {
        case "GetServiceStatus":
            return .json(#"{"Response":{"ServiceEnabled":true,"UserLevel":1,"RequestId":"1"}}"#)
        case "GenerateDataKey":
            let plaintext = key(number)
            return .json(
                #"{"Response":{"Plaintext":"\#(plaintext)","CiphertextBlob":"\#(blob(request, plaintext, context))"}}"#)
        case "Encrypt":
            return .json(
                #"{"Response":{"CiphertextBlob":"\#(blob(request, request.text("Plaintext") ?? "", context))"}}"#)
        case "Decrypt":
            let parts = (request.text("CiphertextBlob") ?? "").split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == request.region, parts[3] == context else {
                return .error("InvalidParameterValue.InvalidCiphertext")
            }
            return .json(#"{"Response":{"Plaintext":"\#(parts[2])"}}"#)
        default:
            return .error("InvalidAction")
        }
    }

    /// The data key, in base64, that request `number` made.
    static func key(_ number: Int) -> String {
        Base64.string((0..<16).map { UInt8(truncatingIfNeeded: $0 == 0 ? number : 200 + $0) })
    }

    private static func blob(_ request: Request, _ plaintext: String, _ context: String) -> String {
        "\(request.region)|\(request.text("KeyId") ?? "")|\(plaintext)|\(context)"
    }
}
