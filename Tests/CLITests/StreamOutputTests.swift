import Foundation
import Testing

@testable import claviger

@Suite final class StreamOutputTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stream-\(UUID().uuidString)")
    private var path: String { folder.appendingPathComponent("out").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

    private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func mode() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func write(_ text: String, mayReplace: Bool = false, _ content: OutputFile.Content = .secret) throws {
        try StreamOutput(path, mayReplace: mayReplace, content).write { sink throws(CommandFailure) in
            guard (try? Array(text.utf8).withUnsafeBytes { try sink.write($0) }) != nil else {
                throw CommandFailure("not written")
            }
        }
    }

    @Test func `A file is there when it is written, and not before`() throws {
        try StreamOutput(path, mayReplace: false, .secret).write { sink throws(CommandFailure) in
            #expect((try? Array("new".utf8).withUnsafeBytes { try sink.write($0) }) != nil)
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(sink.written == 3)
        }
        #expect(try text() == "new")
        #expect(try mode() == 0o600)
        #expect(try names() == ["out"])
    }

    @Test func `A file that is there already is left as it is`() throws {
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: CommandFailure.self) { try write("new") }
        #expect(error?.hint == "--force replaces it")
        #expect(try text() == "mine")
    }

    @Test func `So is one that somebody makes meanwhile`() throws {
        let error = #expect(throws: CommandFailure.self) {
            try StreamOutput(path, mayReplace: false, .secret).write { _ throws(CommandFailure) in
                FileManager.default.createFile(atPath: path, contents: Data("mine".utf8))
            }
        }
        #expect(error?.hint == "--force replaces it")
        #expect(try text() == "mine")
        #expect(try names() == ["out"])
    }

    @Test(arguments: [(OutputFile.Content.secret, 0o600), (.noSecret, 0o604)])
    func `What is replaced keeps its mode unless the new is secret`(content: OutputFile.Content, mode: Int) throws {
        try "mine and longer".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path)
        try write("new", mayReplace: true, content)
        #expect(try text() == "new")
        #expect(try self.mode() == mode)
    }

    @Test(arguments: [false, true])
    func `What fails leaves nothing new behind`(isThere: Bool) throws {
        if isThere { try "mine".write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(throws: CommandFailure("no")) {
            try StreamOutput(path, mayReplace: true, .secret).write { sink throws(CommandFailure) in
                _ = try? Array("new".utf8).withUnsafeBytes { try sink.write($0) }
                throw CommandFailure("no")
            }
        }
        #expect(try names() == (isThere ? ["out"] : []))
        if isThere { #expect(try text() == "mine") }
    }

    @Test func `A link that leads nowhere is replaced itself`() throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
        #expect(throws: CommandFailure.self) { try write("new") }
        try write("new", mayReplace: true)
        #expect(try names() == ["out"])
        #expect(try text() == "new")
    }

    @Test func `A device is written to as it is`() throws {
        let output = try StreamOutput("/dev/null", mayReplace: false, .secret)
        #expect(output.isOpen)
        #expect(!output.isTerminal)
        #expect(throws: Never.self) { try output.write { _ throws(CommandFailure) in } }
    }

    @Test func `Only an open file can be the one that is read`() throws {
        try write("new")
        let input = try StreamInput(path)
        #expect(try !StreamOutput(path, mayReplace: true, .secret).writesOver(input))
        #expect(try !StreamOutput("/dev/null", mayReplace: true, .secret).writesOver(input))
    }
}
