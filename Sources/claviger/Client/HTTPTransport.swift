import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Requests to one server.
struct HTTPTransport: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// An answer, read whole.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
    }

    private static let longestAnswer = 16 << 20

    let server: ServerURL
    private let client: HTTPClient

    /// Gives `body` a transport that lasts as long as it runs.
    ///
    /// - Parameter caFile: certificates in PEM that are trusted instead of the system's.
    static func with<Result>(
        _ server: ServerURL, caFile: String?, _ body: (HTTPTransport) async throws -> Result
    ) async throws -> Result {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let caFile {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(caFile))
            } catch {
                throw CommandFailure("\(caFile) holds no certificates in PEM, or cannot be read")
            }
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            // A signature is for one server: it must not travel on to another.
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10))
        )
        configuration.httpVersion = .http1Only
        // Without this a server that is not there is asked again until the time is up.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(HTTPTransport(server: server, client: client))
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    func send(
        _ method: Method, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws(CommandFailure) -> Answer {
        var request = HTTPClientRequest(url: "\(server)\(path)")
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers = HTTPHeaders([("Host", server.authority), ("User-Agent", "claviger")] + headers)
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(request, timeout: .seconds(60))
            let answer = try await response.body.collect(upTo: Self.longestAnswer)
            return Answer(status: Int(response.status.code), body: Array(answer.readableBytesView))
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: any Error) -> CommandFailure {
        switch error {
        case is NIOTooManyBytesError:
            return CommandFailure("\(server) sent too long an answer")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return CommandFailure(
                "no secure connection to \(server): \(error)",
                hint: "a certificate of your own is trusted with --ca-file FILE or CLAVIGER_CA_FILE")
        case let error as HTTPClientError
        where error == .connectTimeout || error == .deadlineExceeded || error == .readTimeout:
            return CommandFailure("\(server) does not answer in time")
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return CommandFailure(
                "\(server) closed the connection without an answer",
                hint: "does the server expect https, or plain http?")
        default:
            return CommandFailure(
                "no server answers at \(server)",
                hint: "is it running? `claviger serve` starts one; --url or CLAVIGER_URL names another")
        }
    }
}
