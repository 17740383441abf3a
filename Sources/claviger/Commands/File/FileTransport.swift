import ClavigerCrypto
import ClavigerEnvelope
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Carries the library's calls as those of all other commands are: to the profile's server alone, trusting the authorities that it names, with
/// its token if the credentials are temporary.
final class FileTransport: KMSTransport {
    /// Why a call failed, for whoever reads messages; by the region that was asked.
    struct Failure: Sendable {
        let region: String
        let reason: CommandFailure
    }

    /// What an answer begins with that is a refusal, behind the name `Response`. Base64 has no quotation marks.
    private static let refusal = Array("\"Error\"".utf8)

    let client: KMSClient
    private let noted = Mutex<[Failure]>([])

    init(_ client: KMSClient) { self.client = client }

    /// The calls that failed, in their order.
    var failures: [Failure] { noted.withLock { $0 } }

    func post(
        _ body: UnsafeRawBufferPointer, to endpoint: KMSEndpoint, headers: [(name: String, value: String)],
        timeout: Duration, isRetry: Bool
    ) throws(KMSTransportError) -> KMSAnswer {
        let region = headers.first { $0.name == "X-TC-Region" }?.value ?? ""
        do throws(CommandFailure) {
            let answer = try send(Array(body), headers, timeout)
            if let refusal = Self.refusal(in: answer, by: client.profile) { note(refusal, region) }
            let body = WipedBytes(capacity: 0)
            answer.body.withUnsafeBytes {
                body.append(UnsafeRawBufferPointer(rebasing: $0.prefix(KMSAnswer.maximumBodySize)))
            }
            // What was read is overwritten when this goes.
            _ = WipedBytes(answer.body)
            return KMSAnswer(status: answer.status, body: body)
        } catch {
            note(error, region)
            throw KMSTransportError(error.message)
        }
    }

    private func note(_ reason: CommandFailure, _ region: String) {
        noted.withLock { $0.append(Failure(region: region, reason: reason)) }
    }

    /// Blocks until the answer is there, the time is up, or the user interrupts it.
    private func send(
        _ body: [UInt8], _ headers: [(name: String, value: String)], _ timeout: Duration
    ) throws(CommandFailure) -> HTTPTransport.Answer {
        // The transport adds the host itself, the same one.
        var sent = headers.filter { $0.name != "Host" }.map { ($0.name, $0.value) }
        if let token = client.profile.token { sent.append(("X-TC-Token", token)) }
        let call = try FileCall()
        let task = Task { [transport = client.transport, sent] in
            do throws(CommandFailure) {
                call.end(.success(try await transport.send(.post, "/", headers: sent, body: body)))
            } catch {
                call.end(.failure(error))
            }
        }
        do throws(CommandFailure) {
            return try call.wait(atMost: timeout, for: client.profile.server)
        } catch {
            task.cancel()
            throw error
        }
    }

    /// What the server says instead of doing what it was asked.
    private static func refusal(in answer: HTTPTransport.Answer, by profile: Profile) -> CommandFailure? {
        // An answer with a data key in it is not taken apart: the parts would have to be wiped.
        let isRefusal = answer.body.indices.contains { answer.body[$0...].starts(with: refusal) }
        let error = isRefusal ? (try? JSONParser.parse(answer.body))?["Response"] : nil
        if let response = error, let error = response["Error"] {
            return .refused(
                code: error["Code"]?.text ?? "", message: error["Message"]?.text ?? "the request was refused",
                requestID: response["RequestId"]?.text, by: profile)
        }
        guard answer.status != 200 else { return nil }
        return CommandFailure("\(profile.server) does not answer as a key server does (HTTP status \(answer.status))")
    }
}
