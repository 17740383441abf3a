import ClavigerCrypto
import ClavigerSigning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls a server's administration, `/admin/v1`.
struct AdminClient: Sendable {
    private static let root = "/admin/v1"
    private static let service = "claviger"

    let profile: Profile
    let transport: HTTPTransport

    /// A client with another's profile and connection.
    init(_ client: KMSClient) {
        profile = client.profile
        transport = client.transport
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - path: the segments behind `/admin/v1`, as they are.
    ///   - query: names and values, as they are.
    ///   - parameters: writes the members of the body; without, there is no body.
    /// - Returns: the members of the answer, `requestId` among them.
    func call(
        _ method: HTTPTransport.Method, _ path: [String], query: [(String, String)] = [],
        _ parameters: ((inout JSONWriter) -> Void)? = nil
    ) async throws(CommandFailure) -> JSONValue {
        let body = parameters.map { parameters in
            var json = JSONWriter(capacity: 1024)
            json.object(parameters)
            return json.bytes
        }
        let target = Self.root + path.map { "/" + PercentEncoding.encode($0) }.joined()
        let query = query.map { "\(PercentEncoding.encode($0))=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let answer = try await transport.send(
            method, query.isEmpty ? target : "\(target)?\(query)", headers: headers(method, target, query, body ?? []),
            body: body)
        guard let response = try? JSONParser.parse(answer.body), case .object = response else {
            throw CommandFailure(
                "\(profile.server) does not answer as a key server does (HTTP status \(answer.status))")
        }
        if let error = response["error"] {
            throw .refused(
                code: error["code"]?.text ?? "", message: error["message"]?.text ?? "the request was refused",
                requestID: response["requestId"]?.text, by: profile)
        }
        guard 200...299 ~= answer.status else {
            throw CommandFailure("\(profile.server) answers with HTTP status \(answer.status)")
        }
        return response
    }

    /// All items of a list, from as many pages as it takes.
    func list(_ path: String...) async throws(CommandFailure) -> [JSONValue] {
        var items: [JSONValue] = []
        var last: String?
        while true {
            let page = try await call(.get, path, query: [("limit", "1000")] + (last.map { [("after", $0)] } ?? []))
            items += page["items"]?.elements ?? []
            // A server that names the same page again would keep the program forever.
            guard let next = page["next"]?.text, next != last else { return items }
            last = next
        }
    }

    /// The name of the user whose access key this is.
    func ownName() async throws(CommandFailure) -> String {
        guard let name = try await call(.get, ["whoami"])["user"]?["name"]?.text else {
            throw CommandFailure("the server's answer holds no user")
        }
        return name
    }

    /// The region whose keys are meant.
    func region() throws(CommandFailure) -> String {
        guard let region = profile.region else { throw .noRegion }
        return region
    }

    private func headers(
        _ method: HTTPTransport.Method, _ path: String, _ query: String, _ body: [UInt8]
    ) -> [(String, String)] {
        let timestamp = Int64(time(nil))
        let contentType = "application/json"
        // The server takes each signature once; this tells two equal calls within a second apart.
        let nonce = Hex.string(RandomSource().bytes(16))
        let request = TC3.Request(
            method: method.rawValue, path: Array(path.utf8)[...], query: Array(query.utf8)[...], timestamp: timestamp,
            payload: body[...])
        let authorization = TC3Authorization.header(
            for: request,
            accessKeyID: profile.accessID,
            secret: profile.secret,
            service: Self.service,
            headers: [
                "content-type": contentType, "host": profile.server.authority, "x-claviger-nonce": nonce,
            ]
        )
        var headers = [
            ("Content-Type", contentType), ("Authorization", authorization), ("X-TC-Timestamp", String(timestamp)),
            ("X-Claviger-Nonce", nonce),
        ]
        if let token = profile.token { headers.append(("X-TC-Token", token)) }
        return headers
    }
}
