import ClavigerCore
import ClavigerCrypto
import ClavigerSigning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls a server's secrets: API 2016-01-20 of the Alibaba dialect, which serves one region, chosen by the server's settings.
struct SecretClient: Sendable {
    private static let version = "2016-01-20"

    let profile: Profile
    let transport: HTTPTransport

    /// A client with another's profile and connection.
    init(_ client: KMSClient) {
        profile = client.profile
        transport = client.transport
    }

    /// Calls an action.
    ///
    /// - Parameters:
    ///   - parameters: names and values, as they are; those that are `nil` are left out.
    ///   - value: the value of a secret, text in UTF-8. It goes in the body alone: addresses are written to logs on their way.
    /// - Returns: the members of the answer, `RequestId` among them.
    func call(
        _ action: String, _ parameters: [(String, String?)] = [], value: KeyMaterial? = nil
    ) async throws(CommandFailure) -> JSONValue {
        let query = parameters.compactMap { name, value in value.map { (name, $0) } }
        var body = value.map(SecretForm.body(of:)) ?? []
        defer { body.withUnsafeMutableBytes { LockedMemory.wipe($0) } }
        let text = query.map { "\(PercentEncoding.encode($0))=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let answer = try await transport.send(
            .post, text.isEmpty ? "/" : "/?\(text)", headers: headers(action, query, body),
            body: body.isEmpty ? nil : body)
        return try response(of: answer)
    }

    private func response(of answer: HTTPTransport.Answer) throws(CommandFailure) -> JSONValue {
        guard let response = try? JSONParser.parse(answer.body), let requestID = response["RequestId"]?.text else {
            throw CommandFailure(
                "\(profile.server) does not answer as a server with secrets does (HTTP status \(answer.status))",
                hint: "`claviger status` tells the server's version; it may be older than this command")
        }
        if let code = response["Code"]?.text {
            throw .refused(
                code: code, message: response["Message"]?.text ?? "the request was refused", requestID: requestID,
                by: profile)
        }
        guard answer.status == 200 else {
            throw CommandFailure("\(profile.server) answers with HTTP status \(answer.status)", requestID: requestID)
        }
        return response
    }

    private func headers(
        _ action: String, _ query: [(String, String)], _ body: [UInt8]
    ) throws(CommandFailure) -> [(String, String)] {
        var headers = [
            "host": profile.server.authority,
            "x-acs-action": action,
            "x-acs-version": Self.version,
            "x-acs-date": AlibabaTimestamp.text(Int64(time(nil))),
            // The server takes each signature once; this tells two equal calls within a second apart.
            "x-acs-signature-nonce": UUIDText.text(RandomSource().uuid()),
            ACS3.contentHashName: ACS3.contentHash(of: body),
        ]
        if !body.isEmpty { headers["content-type"] = SecretForm.contentType }
        if let token = profile.token { headers["x-acs-security-token"] = token }
        let authorization = ACS3.sign(
            method: HTTPTransport.Method.post.rawValue,
            query: query.map { (name: Array($0.utf8), value: Array($1.utf8)) },
            headers: headers, accessKeyID: profile.accessID, secret: profile.secret)
        guard let authorization else { throw CommandFailure("the request cannot be signed") }
        // The transport sends the host itself.
        headers["host"] = nil
        return headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [("Authorization", authorization)]
    }
}
