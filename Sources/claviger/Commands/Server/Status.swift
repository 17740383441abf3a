import ArgumentParser
import ClavigerCrypto

/// `claviger status`
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell whether the server is ready, and what it can do.",
        discussion: """
            The exit status is 0 if the server is ready, otherwise 1.

              claviger status
              claviger status --format json
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let isReady = try await connection.withClient { client in
            let version = Self.value(of: try await client.transport.send(.get, "/version"))
            let readiness = try await client.transport.send(.get, "/readyz")
            let isReady = readiness.status == 200
            // A server that is not ready refuses these; why, its readiness tells.
            var service: JSONValue?
            var algorithms: JSONValue?
            if isReady {
                service = try await client.call("GetServiceStatus").without("RequestId")
                algorithms = try await client.call("ListAlgorithms").without("RequestId")
            }
            let status = JSONValue.members([
                "Url": .text(client.profile.server.description),
                "Version": version["version"] ?? version,
                "Ready": .bool(isReady),
                "Readiness": Self.value(of: readiness),
                "Region": client.profile.region.map(JSONValue.text),
                "ServiceStatus": service,
                "Algorithms": algorithms,
            ])
            try output.show(status) { Self.table(status).text }
            return isReady
        }
        if !isReady { throw ExitCode.failure }
    }

    /// The JSON value of an answer, or its text.
    private static func value(of answer: HTTPTransport.Answer) -> JSONValue {
        if let value = try? JSONParser.parse(answer.body) { return value }
        let lines = String(decoding: answer.body, as: UTF8.self).split(whereSeparator: \.isNewline)
        return .text(lines.first.map(String.init) ?? "")
    }

    private static func table(_ status: JSONValue) -> Table {
        var table = Table(properties: [
            "Server": status["Url"]?.text,
            "Version": status["Version"]?.text,
            "Ready": status["Ready"]?.isTrue == true ? "yes" : "no: \(summary(status["Readiness"]))",
            "Region": status["Region"]?.text,
            "Service": status["ServiceStatus"].map { $0["ServiceEnabled"]?.isTrue == true ? "enabled" : "not enabled" },
        ])
        var label = "Algorithms"
        for list in ["SymmetricAlgorithms", "AsymmetricAlgorithms", "AsymmetricSignVerifyAlgorithms"] {
            for algorithm in status["Algorithms"]?[list]?.elements ?? [] {
                table.append([label, "\(algorithm["Algorithm"]?.text ?? "") (\(algorithm["KeyUsage"]?.text ?? ""))"])
                label = ""
            }
        }
        return table
    }

    /// Why a server is not ready: that it is sealed, or the names of the parts that do not work.
    private static func summary(_ readiness: JSONValue?) -> String {
        guard case .object(let members) = readiness else { return readiness?.text ?? "it does not say why" }
        if readiness?["sealed"]?.isTrue == true { return "it is sealed; `claviger unseal` opens it" }
        let failing = members.filter { $0.value == .bool(false) }
            .map { String(decoding: $0.name, as: UTF8.self) }
            .filter { $0 != "ready" && $0 != "sealed" }
        return failing.isEmpty ? "it does not say why" : failing.joined(separator: " and ") + " not working"
    }
}
