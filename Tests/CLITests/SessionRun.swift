import Foundation

/// A server with a home of its own, and the commands of one session against it.
final class SessionRun {
    struct Outcome {
        let output: [String]
        let errorOutput: [String]
        let status: Int32
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let home: URL
    private let server: Process
    private(set) var environment: [String: String]

    /// Starts the server on a port that is free, and waits until it serves.
    init(serverFlags: [String]) async throws {
        home = FileManager.default.temporaryDirectory.appendingPathComponent("claviger-session-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let folder = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
        environment = [
            "HOME": home.path, "PATH": "\(folder):/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8", "COLUMNS": "120",
        ]
        server = Process()
        server.executableURL = URL(fileURLWithPath: Program.path)
        server.arguments = ["serve", "--listen", "127.0.0.1:0"] + serverFlags
        server.environment = environment
        server.currentDirectoryURL = home
        let log = home.appendingPathComponent("server.log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let handle = try FileHandle(forWritingTo: log)
        server.standardOutput = handle
        server.standardError = handle
        server.standardInput = FileHandle.nullDevice
        try server.run()
        environment["SERVER"] = try await address(in: log)
    }

    deinit {
        if server.isRunning {
            server.terminate()
            server.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: home)
    }

    /// Runs a command in a shell, in the server's home, with `names` as variables.
    func run(_ command: String, names: [String: String]) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = environment.merging(names) { $1 }
        process.currentDirectoryURL = home
        process.standardInput = FileHandle.nullDevice
        let files = ["output", "error"].map { home.appendingPathComponent(".\($0)") }
        for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        try process.run()
        var status: Int32 = -1
        for await value in ends { status = value }
        return Outcome(output: try Self.lines(of: files[0]), errorOutput: try Self.lines(of: files[1]), status: status)
    }

    private func address(in log: URL) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(600)
        while true {
            let isLast = ContinuousClock.now > deadline || !server.isRunning
            let text = try String(contentsOf: log, encoding: .utf8)
            if let match = text.firstMatch(
                of: /^Claviger .* at (http:\/\/[0-9.]+:[0-9]+)[^\n]*\n/.anchorsMatchLineEndings())
            {
                return String(match.1)
            }
            guard !isLast else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failure(description: "the server does not serve:\n" + (try String(contentsOf: log, encoding: .utf8)))
    }

    private static func lines(of file: URL) throws -> [String] {
        var lines = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
