import ClavigerCrypto
import Foundation
import Testing

@testable import ClavigerEnvelope

@Suite(.timeLimit(.minutes(20))) struct ExtraAuthoritiesTests {
    private func post(authorities: String?, port: UInt16, host: String = "127.0.0.1") throws -> Int {
        let endpoint = try #require(try KMSAddress("\(host):\(port)").endpoint(for: "r"))
        return try Array("{}".utf8).withBytes { body throws(KMSTransportError) in
            try CurlTransport(connectTimeout: .seconds(300), extraAuthorities: { authorities }).post(
                body, to: endpoint, headers: [("Host", endpoint.host)], timeout: .seconds(300), isRetry: false
            ).status
        }
    }

    @Test(.enabled(if: TLSServer.isAvailable))
    func `A server with a certificate of the extra authority is trusted, for its own name, and no other server is`()
        throws
    {
        let server = try TLSServer()
        defer { server.stop() }
        #expect(try post(authorities: server.authority, port: server.port) == 200)

        let unknown = #expect(throws: KMSTransportError.self) { try post(authorities: nil, port: server.port) }
        #expect(unknown?.isBrokenConnection == false)
        let other = try TLSServer()
        defer { other.stop() }
        #expect(throws: KMSTransportError.self) { try post(authorities: other.authority, port: server.port) }
        #expect(throws: KMSTransportError.self) {
            try post(authorities: server.authority, port: server.port, host: "localhost")
        }
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("claviger-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func `The system's authorities stay behind the extra ones`() throws {
        try withFolder { folder in
            let extra = folder.appendingPathComponent("extra.pem")
            let system = folder.appendingPathComponent("system.pem")
            try Data("-----BEGIN CERTIFICATE-----".utf8).write(to: extra)
            try Data("the system's".utf8).write(to: system)
            let authorities = try ExtraAuthorities(path: extra.path, system: system.path)
            #expect(authorities.bundle == Array("-----BEGIN CERTIFICATE-----\nthe system's".utf8))
        }
    }

    @Test func `A file that cannot be read, or holds no certificate, is an error`() throws {
        try withFolder { folder in
            let empty = folder.appendingPathComponent("empty.pem")
            try Data().write(to: empty)
            let text = folder.appendingPathComponent("text.pem")
            try Data("---- no certificate -----BEGIN".utf8).write(to: text)
            for path in [empty.path, text.path, folder.path, folder.appendingPathComponent("none").path, "/dev/zero"] {
                let error = #expect(throws: KMSTransportError.self) {
                    try ExtraAuthorities(path: path, system: nil)
                }
                #expect(error?.isBrokenConnection == false)
            }
        }
    }

    @Test func `The file does not matter over http`() throws {
        let server = try TestServer()
        defer { server.stop() }
        let endpoint = try server.endpoint()
        let answer = try Array("{}".utf8).withBytes { body in
            try CurlTransport(extraAuthorities: { "/none" }).post(
                body, to: endpoint, headers: [], timeout: .seconds(30), isRetry: false)
        }
        #expect(answer.status == 200)
    }
}
