import ClavigerCrypto
import ClavigerSigning
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls a server's actions, API 2019-01-18 of the Tencent dialect.
struct KMSClient: Sendable {
    private static let version = "2019-01-18"
    private static let service = "kms"

    let profile: Profile
    let transport: HTTPTransport

    init(profile: Profile, transport: HTTPTransport) {
        self.profile = profile
        self.transport = transport
    }

    /// Calls an action.
    ///
    /// - Parameters:
    ///   - needsRegion: whether the action is one of a region's keys.
    ///   - parameters: writes the members of the request.
    /// - Returns: the members of the answer, `RequestId` among them.
    func call(
        _ action: String, needsRegion: Bool = true, _ parameters: (inout JSONWriter) -> Void = { _ in }
    ) async throws(CommandFailure) -> JSONValue {
        if needsRegion, profile.region == nil { throw .noRegion }
        var json = JSONWriter(capacity: 1024)
        json.object(parameters)
        let answer = try await transport.send(.post, "/", headers: headers(action, body: json.bytes), body: json.bytes)
        guard let response = (try? JSONParser.parse(answer.body))?["Response"], case .object = response else {
            throw CommandFailure(
                "\(profile.server) does not answer as a key server does (HTTP status \(answer.status))")
        }
        if let error = response["Error"] {
            throw .refused(
                code: error["Code"]?.text ?? "", message: error["Message"]?.text ?? "the request was refused",
                requestID: response["RequestId"]?.text, by: profile)
        }
        return response
    }

    private func headers(_ action: String, body: [UInt8]) -> [(String, String)] {
        let timestamp = Int64(time(nil))
        let contentType = "application/json"
        let authorization = TC3Authorization.header(
            for: TC3.Request(method: "POST", query: [], timestamp: timestamp, payload: body[...]),
            accessKeyID: profile.accessID,
            secret: profile.secret,
            service: Self.service,
            headers: ["content-type": contentType, "host": profile.server.authority]
        )
        var headers = [
            ("Content-Type", contentType),
            ("Authorization", authorization),
            ("X-TC-Action", action),
            ("X-TC-Version", Self.version),
            ("X-TC-Timestamp", String(timestamp)),
        ]
        if let token = profile.token { headers.append(("X-TC-Token", token)) }
        if let region = profile.region { headers.append(("X-TC-Region", region)) }
        return headers
    }
}
