import ArgumentParser
import ClavigerCrypto
import Foundation
import Testing

@testable import claviger

@Suite final class SecretValueOptionsTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("value-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func read(_ bytes: [UInt8], _ arguments: String...) throws -> KeyMaterial {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try SecretValueOptions.parse(["--from", path] + arguments).read(for: "db/password")
    }

    @Test func `A text is sent byte by byte, its last line feed, too`() throws {
        #expect(try read(Array("a\n雪\r\n".utf8)) == KeyMaterial("a\n雪\r\n".utf8))
        #expect(try SecretValueOptions.parse([]).type == "text")
    }

    @Test func `Bytes are sent in base64`() throws {
        #expect(try read([0, 1, 255], "--binary") == KeyMaterial("AAH/".utf8))
        #expect(try SecretValueOptions.parse(["--binary"]).type == "binary")
    }

    @Test func `The longest values have 30720 bytes as they are sent`() throws {
        #expect(try read(Array(repeating: 97, count: 30720)).count == 30720)
        #expect(try read(Array(repeating: 0, count: 23040), "--binary").count == 30720)
        #expect(throws: CommandFailure.self) { try read(Array(repeating: 97, count: 30721)) }
        #expect(throws: CommandFailure.self) { try read(Array(repeating: 0, count: 23041), "--binary") }
    }

    @Test func `An empty value is refused`() {
        #expect(throws: CommandFailure.self) { try read([]) }
        #expect(throws: CommandFailure.self) { try read([], "--binary") }
    }

    @Test(arguments: [[0x73, 0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE9, 0x9B]])
    func `Bytes that are no UTF-8 are refused as text without being quoted`(bytes: [UInt8]) {
        let error = #expect(throws: CommandFailure.self) { try read(bytes) }
        #expect(error?.message == "the value of db/password is no text in UTF-8")
        #expect(error?.hint != nil)
    }
}
