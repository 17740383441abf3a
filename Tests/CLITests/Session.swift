import Foundation
import Testing

/// A file that reads as a session at a terminal.
///
///     # A comment.
///     % serve FLAG …        flags for the server, if it needs any
///     $ COMMAND             run by a shell
///     LINE                  a line of its expected output
///     ! LINE                a line of its expected error output
///     = STATUS              its expected exit status, if it is not 0
///
/// Expected lines hold patterns (``SessionPattern``); the line `...` stands for any lines.
struct Session: Sendable, CustomTestStringConvertible {
    struct Step: Sendable {
        let command: String
        /// In the file, counted from 1.
        let line: Int
        var output: [String] = []
        var errorOutput: [String] = []
        var status: Int32 = 0
    }

    let name: String
    let serverFlags: [String]
    let steps: [Step]

    var testDescription: String { name }

    init(name: String, text: String) {
        var flags: [String] = []
        var steps: [Step] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = String(line)
            let content = String(line.dropFirst(2))
            switch line.prefix(2) {
            case "# ": continue
            case "% ": flags = content.split(separator: " ").dropFirst().map(String.init)
            case "$ ": steps.append(Step(command: content, line: index + 1))
            case _ where steps.isEmpty: continue
            case "! ": steps[steps.count - 1].errorOutput.append(content)
            case "= ": steps[steps.count - 1].status = Int32(content) ?? -1
            default: steps[steps.count - 1].output.append(line)
            }
        }
        for index in steps.indices {
            // Blank lines before the next command are there for the reader.
            while steps[index].output.last == "" { steps[index].output.removeLast() }
        }
        self.name = name
        serverFlags = flags
        self.steps = steps
    }

    /// The sessions beside this file.
    static let all: [Session] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sessions")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "session" }.sorted { $0.path < $1.path }.compactMap { file in
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
            return Session(name: file.deletingPathExtension().lastPathComponent, text: text)
        }
    }()
}
