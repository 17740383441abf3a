import ClavigerCrypto
import Foundation
import Synchronization
import Testing

@testable import ClavigerEnvelope

/// What of libcurl's behaviour matters, over real connections.
@Suite(.timeLimit(.minutes(60))) struct CurlTransportTests {
    /// One that waits for connections much longer than usual, for the other side is a thread like those of all other tests.
    private static func patient(processID: @escaping @Sendable () -> pid_t = { getpid() }) -> CurlTransport {
        CurlTransport(connectTimeout: .seconds(300), processID: processID)
    }

    private static func post(
        _ transport: CurlTransport = patient(), to endpoint: KMSEndpoint, timeout: Duration = .seconds(300),
        isRetry: Bool = false
    ) throws(KMSTransportError) -> (status: Int, body: String) {
        let answer = try Array(#"{"a":1}"#.utf8).withBytes { body throws(KMSTransportError) in
            try transport.post(
                body, to: endpoint, headers: [("Content-Type", "application/json"), ("Host", endpoint.host)],
                timeout: timeout, isRetry: isRetry)
        }
        return (answer.status, answer.body.withBytes { String(decoding: $0, as: UTF8.self) })
    }

    @Test func `A request is what was asked for, and nothing besides`() throws {
        let server = try TestServer()
        defer { server.stop() }
        let answer = try Self.post(to: server.endpoint())
        #expect(answer.status == 200)
        #expect(answer.body == "{}")
        let lines = try #require(server.requests.first).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "POST / HTTP/1.1")
        #expect(lines.last == #"{"a":1}"#)
        #expect(
            lines.dropFirst().dropLast(2).sorted() == [
                "Accept: */*", "Content-Length: 7", "Content-Type: application/json", "Host: 127.0.0.1:\(server.port)",
            ])
    }

    @Test func `A connection serves the next request`() throws {
        let server = try TestServer()
        defer { server.stop() }
        let transport = Self.patient()
        for _ in 0..<5 { _ = try Self.post(transport, to: server.endpoint()) }
        #expect(server.requests.count == 5)
        #expect(server.connections == 1)
    }

    @Test func `A child process makes connections of its own, and its parent's stay as they are`() throws {
        let server = try TestServer()
        defer { server.stop() }
        let process = Mutex<Int32>(1)
        let transport = Self.patient(processID: { process.withLock { $0 } })
        for id in [1, 1, 2, 2] {
            process.withLock { $0 = Int32(id) }
            _ = try Self.post(transport, to: server.endpoint())
        }
        #expect(server.connections == 2)
    }

    @Test func `Threads have connections of their own while they use them at once`() throws {
        let gate = Gate()
        let server = try TestServer { _, _ in
            gate.pass()
            return .body("{}")
        }
        defer { server.stop() }
        let transport = Self.patient()
        let endpoint = try server.endpoint()
        let group = DispatchGroup()
        for _ in 0..<20 {
            group.enter()
            Thread {
                _ = try? Self.post(transport, to: endpoint)
                group.leave()
            }.start()
        }
        #expect(gate.waitForArrivals(20))
        gate.open()
        group.wait()
        #expect(server.connections == 20)
    }

    @Test func `A second attempt has a new connection`() throws {
        let server = try TestServer()
        defer { server.stop() }
        let transport = Self.patient()
        for isRetry in [false, true] { _ = try Self.post(transport, to: server.endpoint(), isRetry: isRetry) }
        #expect(server.connections == 2)
    }

    /// Whether libcurl or only the request itself finds that it is closed.
    @Test func `A connection that the server has closed is replaced`() throws {
        let body = #"{"Response":{"ServiceEnabled":true,"UserLevel":1}}"#
        let server = try TestServer { _, _ in
            .last("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        defer { server.stop() }
        let service = KMSService(
            address: try KMSAddress("http://127.0.0.1:\(server.port)"), transport: Self.patient())
        for _ in 0..<10 { try service.checkStatus(region: "r", credentials: KMSFixtures.credentials) }
        #expect(server.requests.count == 10)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n",
    ])
    func `A connection that ends before the answer does is broken`(_ beginning: String) throws {
        let server = try TestServer { _, _ in .last(beginning) }
        defer { server.stop() }
        let endpoint = try server.endpoint()
        let error = #expect(throws: KMSTransportError.self) { try Self.post(to: endpoint) }
        #expect(error?.isBrokenConnection == true)
    }

    @Test(arguments: [
        "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ])
    func `An answer may be empty`(_ answer: String) throws {
        let server = try TestServer { _, _ in .last(answer) }
        defer { server.stop() }
        let got = try Self.post(to: server.endpoint())
        #expect(got.status == 200)
        #expect(got.body.isEmpty)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n"])
    func `A request that breaks a connection that was kept arrives once`(_ beginning: String) throws {
        let server = try TestServer { _, number in number == 1 ? .last(beginning) : .body("{}") }
        defer { server.stop() }
        let transport = Self.patient()
        let endpoint = try server.endpoint()
        _ = try Self.post(transport, to: endpoint)
        let error = #expect(throws: KMSTransportError.self) { try Self.post(transport, to: endpoint) }
        #expect(error?.isBrokenConnection == true)
        #expect(server.requests.count == 2)
        #expect(try Self.post(transport, to: endpoint).status == 200)
    }

    @Test func `The service makes its second attempt over a new connection`() throws {
        let server = try TestServer { _, number in
            number == 0 ? .last("") : .body(#"{"Response":{"ServiceEnabled":true,"UserLevel":1}}"#)
        }
        defer { server.stop() }
        let service = KMSService(
            address: try KMSAddress("http://127.0.0.1:\(server.port)"), transport: Self.patient())
        try service.checkStatus(region: "r", credentials: KMSFixtures.credentials)
        #expect(server.requests.count == 2)
        #expect(server.connections == 2)
    }

    @Test func `Where nobody listens no connection broke`() throws {
        let server = try TestServer()
        server.stop()
        let endpoint = try KMSAddress("http://127.0.0.1:1").endpoint(for: "r")!
        let error = #expect(throws: KMSTransportError.self) { try Self.post(to: endpoint) }
        #expect(error?.isBrokenConnection == false)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `An answer that does not come is not waited for longer than it may take`() throws {
        let server = try TestServer { _, _ in .silence }
        defer { server.stop() }
        let endpoint = try server.endpoint()
        let beginning = ContinuousClock.now
        let error = #expect(throws: KMSTransportError.self) {
            try Self.post(to: endpoint, timeout: .milliseconds(200))
        }
        #expect(error?.isBrokenConnection == false)
        #expect(150...250_000 ~= (ContinuousClock.now - beginning) / .milliseconds(1))
    }

    @Test func `A TLS connection must stand within its time`() throws {
        // Reads what it takes for a request, and never says anything.
        let server = try TestServer { _, _ in .silence }
        defer { server.stop() }
        let endpoint = try server.endpoint(scheme: "https")
        let beginning = ContinuousClock.now
        #expect(throws: KMSTransportError.self) {
            try Self.post(CurlTransport(connectTimeout: .milliseconds(200)), to: endpoint)
        }
        #expect(150...250_000 ~= (ContinuousClock.now - beginning) / .milliseconds(1))
    }

    @Test(arguments: ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `Redirects are not followed`(_ status: String) throws {
        let other = try TestServer()
        defer { other.stop() }
        let server = try TestServer { [port = other.port] _, _ in
            .body("", status: status, headers: "Location: http://127.0.0.1:\(port)/\r\n")
        }
        defer { server.stop() }
        #expect(try Self.post(to: server.endpoint()).status == Int(status.prefix(3)))
        #expect(server.requests.count == 1)
        #expect(other.connections == 0)
    }

    @Test func `Cookies are not kept`() throws {
        let server = try TestServer { _, _ in .body("{}", headers: "Set-Cookie: a=b\r\n") }
        defer { server.stop() }
        let transport = Self.patient()
        for _ in 0..<2 { _ = try Self.post(transport, to: server.endpoint()) }
        #expect(server.requests.allSatisfy { !$0.contains("Cookie") })
    }

    @Test(arguments: [(1 << 20) - 1, 1 << 20, 1 << 20 + 1, 3 << 20])
    func `No more than 1 MiB of an answer is read`(_ size: Int) throws {
        let server = try TestServer { _, _ in .body(String(repeating: "x", count: size)) }
        defer { server.stop() }
        let answer = try Self.post(to: server.endpoint())
        #expect(answer.status == 200)
        #expect(answer.body.utf8.count == min(size, 1 << 20))
    }

    @Test func `Programs that the process executes do not inherit connections`() throws {
        let sockets = Sockets()
        let server = try TestServer { _, _ in
            sockets.record()
            return .body("{}")
        }
        defer { server.stop() }
        sockets.port.withLock { $0 = server.port }
        _ = try Self.post(to: server.endpoint())
        #expect(sockets.flags.withLock { $0 } == [FD_CLOEXEC])
    }

    /// The flags of this process's sockets that are connected to a port.
    private final class Sockets: Sendable {
        let port = Mutex<UInt16>(0)
        let flags = Mutex<[Int32]>([])

        func record() {
            let port = port.withLock { $0 }
            for file in Int32(0)..<65_536 {
                var peer = sockaddr_in()
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let status = withUnsafeMutableBytes(of: &peer) {
                    getpeername(file, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &size)
                }
                if status == 0, UInt16(bigEndian: peer.sin_port) == port {
                    flags.withLock { $0.append(fcntl(file, F_GETFD)) }
                }
            }
        }
    }

    @Test func `A signal for a broken pipe neither ends the process nor stays`() async {
        await #expect(processExitsWith: .success) {
            // As in a program that has never thought of signals; here they are blocked.
            signal(SIGPIPE, SIG_DFL)
            var brokenPipe = sigset_t()
            sigemptyset(&brokenPipe)
            sigaddset(&brokenPipe, SIGPIPE)
            pthread_sigmask(SIG_UNBLOCK, &brokenPipe, nil)
            let thread = pthread_self()
            let server = try TestServer { _, _ in
                // As a TLS library's write to a socket whose other side has gone would raise it.
                pthread_kill(thread, SIGPIPE)
                return .body("{}")
            }
            _ = try Self.post(to: server.endpoint())
            var pending = sigset_t()
            var mask = sigset_t()
            sigpending(&pending)
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            try #require(sigismember(&pending, SIGPIPE) == 0)
            try #require(sigismember(&mask, SIGPIPE) == 0)
            try #require(server.requests.count == 1)
        }
    }

    @Test func `A proxy of the environment is not told what goes over http`() async {
        await #expect(processExitsWith: .success) {
            let proxy = try TestServer { _, _ in .body("{}", status: "418 Proxy") }
            let server = try TestServer()
            for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:\(proxy.port)", 1) }
            try #require(try Self.post(to: server.endpoint()).status == 200)
            try #require(proxy.connections == 0)
        }
    }

    @Test func `A proxy of the environment carries https, and sees no header of the request`() async {
        await #expect(processExitsWith: .success) {
            let proxy = try TestServer { _, _ in .last("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") }
            setenv("https_proxy", "http://127.0.0.1:\(proxy.port)", 1)
            unsetenv("no_proxy")
            unsetenv("NO_PROXY")
            let endpoint = try KMSAddress("kms.example").endpoint(for: "r")!
            #expect(throws: KMSTransportError.self) { try Self.post(to: endpoint) }
            let request = try #require(proxy.requests.first)
            try #require(request.hasPrefix("CONNECT kms.example:443 HTTP/1.1\r\n"))
            try #require(!request.contains("Content-Type"))
        }
    }
}
