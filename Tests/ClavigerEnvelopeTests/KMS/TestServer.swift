import ClavigerEnvelope
import Foundation
import Synchronization

/// A server on the loopback interface that reads HTTP requests and answers each as it is told.
final class TestServer: Sendable {
    enum Reply: Sendable {
        /// Bytes; then the next request is waited for.
        case answer(String)
        /// Bytes, and the end of the connection.
        case last(String)
        /// Nothing, until the other side ends the connection.
        case silence

        static func body(_ body: String, status: String = "200 OK", headers: String = "") -> Reply {
            .answer("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
        }
    }

    private struct State {
        var connections = 0
        var requests: [String] = []
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let reply: @Sendable (_ request: String, _ number: Int) -> Reply

    /// - Parameter reply: is given the request, and how many came before it.
    init(_ reply: @escaping @Sendable (String, Int) -> Reply = { _, _ in .body("{}") }) throws {
        self.reply = reply
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return bind(listener, address, size) | listen(listener, 64) | getsockname(listener, address, &size)
        }
        guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard connection >= 0 else { return }
                // A program that another test runs would keep it from ending when this side closes it.
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                state.withLock { $0.connections += 1 }
                Thread { [self] in serve(connection) }.start()
            }
        }
        thread.start()
    }

    /// Ends the server.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    var connections: Int { state.withLock { $0.connections } }
    var requests: [String] { state.withLock { $0.requests } }

    func endpoint(scheme: String = "http") throws -> KMSEndpoint {
        try KMSAddress("\(scheme)://127.0.0.1:\(port)").endpoint(for: "r")!
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        while let request = read(connection) {
            let number = state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            switch reply(request, number) {
            case .answer(let text):
                send(text, to: connection)
            case .last(let text):
                send(text, to: connection)
                return
            case .silence:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            }
        }
    }

    private func send(_ text: String, to connection: Int32) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// One request with its body; `nil` at the end of the connection.
    private func read(_ connection: Int32) -> String? {
        var request = ""
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            if let end = request.range(of: "\r\n\r\n") {
                let head = request[..<end.lowerBound]
                let length =
                    head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
                    .flatMap { Int($0.dropFirst(16)) } ?? 0
                if request[end.upperBound...].utf8.count >= length { return request }
            }
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            request += String(decoding: piece[..<count], as: UTF8.self)
        }
    }
}
