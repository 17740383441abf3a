import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ClavigerServer

@Suite struct HTTPConnectionHandlerTests {
    private func answer(_ body: String, _ connection: String? = nil, status: String = "200 OK") -> String {
        let header = connection.map { "\nConnection: \($0)" } ?? ""
        return "HTTP/1.1 \(status)\nContent-Type: text/plain\nContent-Length: \(body.utf8.count)\(header)\n\n\(body)"
    }

    private func request(_ target: String, method: String = "GET", version: String = "1.1", _ headers: String = "")
        -> String
    {
        "\(method) \(target) HTTP/\(version)\r\nHost: h\r\n\(headers)\r\n"
    }

    @Test func `A request is answered and the connection stays`() async throws {
        let connection = try await TestConnection()
        for path in ["/a", "/b?x=1"] {
            try await connection.send(request(path))
            #expect(try await connection.received(until: "]") == answer("GET \(path.prefix(2)) []"))
        }
        #expect(connection.channel.isActive)
    }

    @Test func `A body is collected from its parts`() async throws {
        let connection = try await TestConnection()
        let text = request("/a", method: "POST", "Content-Length: 10\r\n") + "0123456789"
        for character in text { try await connection.send(String(character)) }
        #expect(try await connection.received(until: "]") == answer("POST /a [0123456789]"))
    }

    @Test func `A chunked body is collected`() async throws {
        let connection = try await TestConnection()
        try await connection.send(
            request("/a", method: "POST", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
        #expect(try await connection.received(until: "]") == answer("POST /a [abcdefg]"))
    }

    @Test func `Pipelined requests are answered in their order`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/1") + request("/2") + request("/3"))
        #expect(
            try await connection.received(until: "/3 []")
                == answer("GET /1 []") + answer("GET /2 []") + answer("GET /3 []"))
    }

    @Test func `Pipelined requests wait for a slow first one`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/slow/1") + request("/2") + request("/slow/3") + request("/4"))
        #expect(try await connection.pending() == "")
        #expect(connection.router.seen == ["/slow/1"])
        connection.router.openGate()
        #expect(
            try await connection.received(until: "/4 []")
                == answer("GET /slow/1 []") + answer("GET /2 []") + answer("GET /slow/3 []") + answer("GET /4 []"))
        #expect(connection.router.seen == ["/slow/1", "/2", "/slow/3", "/4"])
    }

    @Test func `An answer that another thread computes keeps its place among pipelined ones`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/1") + request("/computed/2") + request("/3") + request("/computed/4"))
        #expect(
            try await connection.received(until: "/4 []")
                == answer("GET /1 []") + answer("GET /computed/2 []") + answer("GET /3 []")
                + answer("GET /computed/4 []"))
    }

    @Test func `The answer to HEAD has no body but its length`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/a", method: "HEAD") + request("/b"))
        let headers = answer("HEAD /a []").replacing("HEAD /a []", with: "")
        #expect(try await connection.received(until: "]") == headers + answer("GET /b []"))
    }

    @Test func `A client that wants it so is left after the answer`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/a", "Connection: close\r\n") + request("/b"))
        #expect(try await connection.received(until: "]") == answer("GET /a []", "close"))
        #expect(try await connection.isClosed())
        #expect(connection.router.seen == ["/a"])
    }

    @Test func `HTTP 1.0 closes, unless the client wants to stay`() async throws {
        var connection = try await TestConnection()
        try await connection.send(request("/a", version: "1.0"))
        #expect(try await connection.received(until: "]") == answer("GET /a []", "close"))
        #expect(try await connection.isClosed())

        connection = try await TestConnection()
        for _ in 0..<2 {
            try await connection.send(request("/a", version: "1.0", "Connection: keep-alive\r\n"))
            #expect(try await connection.received(until: "]") == answer("GET /a []", "keep-alive"))
        }
        #expect(connection.channel.isActive)
    }

    @Test func `A client that asks before it sends is told to go on`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/a", method: "POST", "Content-Length: 2\r\nExpect: 100-Continue\r\n"))
        #expect(try await connection.pending() == "HTTP/1.1 100 Continue\n\n")
        try await connection.send("ok")
        #expect(try await connection.received(until: "]") == answer("POST /a [ok]"))
    }

    @Test func `Nobody is told to go on before a slow answer, nor by HTTP 1.0`() async throws {
        var connection = try await TestConnection()
        try await connection.send(
            request("/slow") + request("/a", method: "POST", "Content-Length: 2\r\nExpect: 100-continue\r\n"))
        #expect(try await connection.pending() == "")
        connection.router.openGate()
        #expect(try await connection.received(until: "]") == answer("GET /slow []"))
        try await connection.send("ok")
        #expect(try await connection.received(until: "[ok]").hasSuffix(answer("POST /a [ok]")))

        connection = try await TestConnection()
        try await connection.send(
            request("/a", method: "POST", version: "1.0", "Content-Length: 2\r\nExpect: 100-continue\r\n"))
        #expect(try await connection.pending() == "")
    }

    @Test func `A body that is too long is read to its end and answered`() async throws {
        let connection = try await TestConnection()
        let size = EchoRouter.limit + 1
        try await connection.send(request("/a", method: "POST", "Content-Length: \(size)\r\n"))
        try await connection.send(String(repeating: "x", count: size - 1))
        #expect(try await connection.pending() == "")
        try await connection.send("x" + request("/b"))
        #expect(try await connection.received(until: "/b []") == answer("POST /a [too large]") + answer("GET /b []"))

        let longest = String(repeating: "x", count: EchoRouter.limit)
        try await connection.send(request("/c", method: "POST", "Content-Length: \(EchoRouter.limit)\r\n") + longest)
        #expect(try await connection.received(until: "]") == answer("POST /c [\(longest)]"))
    }

    @Test func `Another status has its reason`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/teapot"))
        #expect(try await connection.received(until: "]").hasPrefix("HTTP/1.1 418 I'm a teapot\n"))
    }

    // MARK: what is no HTTP

    private static let badRequest =
        "HTTP/1.1 400 Bad Request\nContent-Type: text/plain\nContent-Length: 12\nConnection: close\n\nBad request\n"

    @Test(arguments: [
        "\0\0\0\0", "GET\r\n\r\n", "nonsense nonsense nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func `What is no HTTP is refused and the connection closed`(text: String) async throws {
        let connection = try await TestConnection()
        try? await connection.send(text)
        #expect(try await connection.received(until: "Bad request\n") == Self.badRequest)
        #expect(try await connection.isClosed())
        #expect(connection.router.seen == [])
    }

    @Test(arguments: ["/a", "/slow", "/computed"])
    func `What was asked before what is no HTTP is answered first`(path: String) async throws {
        let connection = try await TestConnection()
        try? await connection.send(request(path) + "\0\0\0\0")
        connection.router.openGate()
        #expect(try await connection.received(until: "Bad request\n") == answer("GET \(path) []") + Self.badRequest)
        #expect(try await connection.isClosed())
    }

    // MARK: the end

    @Test func `An idle connection closes when the server stops`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/a"))
        _ = try await connection.received(until: "]")
        try await connection.fire(ChannelShouldQuiesceEvent())
        #expect(try await connection.isClosed())
    }

    @Test func `A call in work is answered when the server stops, then the connection closes`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/slow"))
        try await connection.fire(ChannelShouldQuiesceEvent())
        #expect(connection.channel.isActive)
        connection.router.openGate()
        #expect(try await connection.received(until: "]") == answer("GET /slow []", "close"))
        #expect(try await connection.isClosed())
    }

    @Test func `A request that is being sent is answered when the server stops`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/a", method: "POST", "Content-Length: 2\r\n") + "o")
        try await connection.fire(ChannelShouldQuiesceEvent())
        try await connection.send("k")
        #expect(try await connection.received(until: "]") == answer("POST /a [ok]", "close"))
        #expect(try await connection.isClosed())
    }

    @Test func `A peer that sends nothing more still gets all its answers`() async throws {
        let connection = try await TestConnection()
        try await connection.send(request("/slow") + request("/2") + request("/3"))
        try await connection.fire(ChannelEvent.inputClosed)
        connection.router.openGate()
        #expect(
            try await connection.received(until: "/3 []")
                == answer("GET /slow []") + answer("GET /2 []") + answer("GET /3 []", "close"))
        #expect(try await connection.isClosed())
    }

    @Test func `A peer that has gone is forgotten`() async throws {
        let connection = try await TestConnection()
        try await connection.fire(ChannelEvent.inputClosed)
        #expect(try await connection.isClosed())
    }

    @Test func `A peer that takes too long is left`() async throws {
        var deadlines = HTTPConnectionHandler.Deadlines()
        deadlines.idle = .nanoseconds(1)
        var connection = try await TestConnection(deadlines: deadlines)
        #expect(try await connection.isClosed())

        deadlines = HTTPConnectionHandler.Deadlines()
        deadlines.request = .nanoseconds(1)
        connection = try await TestConnection(deadlines: deadlines)
        #expect(try await connection.staysOpen())
        try await connection.send(request("/a", method: "POST", "Content-Length: 2\r\n"))
        #expect(try await connection.isClosed())
    }

    @Test func `A call in work has no deadline of the connection`() async throws {
        var deadlines = HTTPConnectionHandler.Deadlines()
        deadlines.idle = .nanoseconds(1)
        let connection = try await TestConnection(deadlines: deadlines)
        try await connection.send(request("/slow"))
        #expect(try await connection.staysOpen())
        connection.router.openGate()
        #expect(try await connection.received(until: "]") == answer("GET /slow []"))
    }

    @Test func `Bodies share a budget, which each gives back`() async throws {
        let budget = BodyBudget(bytes: 150_000)
        let first = try await TestConnection(budget: budget)
        let second = try await TestConnection(budget: budget)
        let head = request("/a", method: "POST", "Content-Length: 100000\r\n")
        let body = String(repeating: "x", count: 100_000)
        try await first.send(head + body.dropLast())
        try await second.send(head + body)
        #expect(try await second.received(until: "]") == answer("POST /a [too large]"))
        try await first.send("x")
        #expect(try await first.received(until: "]") == answer("POST /a [\(body)]"))
        try await second.send(head + body)
        #expect(try await second.received(until: "]") == answer("POST /a [\(body)]"))
        #expect(budget.reserve(150_000))
    }
}
