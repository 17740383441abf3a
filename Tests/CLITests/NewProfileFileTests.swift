import ClavigerCrypto
import Foundation
import Testing

@testable import claviger

@Suite final class NewProfileFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("profile-\(UUID().uuidString)")
    private var path: String { folder.appendingPathComponent("jane.env").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func mode() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `A profile is its owner's alone and can be read again`() throws {
        try NewProfileFile(path: path, .refused).write([
            "CLAVIGER_URL": "http://127.0.0.1:7700", "CLAVIGER_ACCESS_ID": "AKID1",
            "CLAVIGER_ACCESS_KEY": "it's #1 $HOME",
            "CLAVIGER_TOKEN": "clv1.a-b_c", "CLAVIGER_REGION": nil,
        ])
        #expect(try mode() == 0o600)
        #expect(try text().hasPrefix("CLAVIGER_URL=http://127.0.0.1:7700\nCLAVIGER_ACCESS_ID=AKID1\n"))
        #expect(try !text().contains("REGION"))
        let values = try ProfileValues(file: path, contents: KeyMaterial(text().utf8))
        #expect(values.secret == KeyMaterial("it's #1 $HOME".utf8))
        #expect(values.token == "clv1.a-b_c")
    }

    @Test func `A file that is there already is left as it is`() throws {
        try "mine\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: CommandFailure.self) { try NewProfileFile(path: path, .refused) }
        #expect(error?.hint == "--force replaces it")
        #expect(try text() == "mine\n")
    }

    @Test func `A file that is replaced is taken from others`() throws {
        try "CLAVIGER_ACCESS_ID=a longer one than the new\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try NewProfileFile(path: path, .replaced).write(["CLAVIGER_ACCESS_ID": "b"])
        #expect(try text() == "CLAVIGER_ACCESS_ID=b\n")
        #expect(try mode() == 0o600)
    }

    @Test func `What could not be made leaves no file behind, and an old one as it was`() throws {
        try NewProfileFile(path: path, .refused).discard()
        #expect(!FileManager.default.fileExists(atPath: path))
        try "mine\n".write(toFile: path, atomically: true, encoding: .utf8)
        try NewProfileFile(path: path, .replaced).discard()
        #expect(try text() == "mine\n")
    }

    @Test func `A folder that is not there is told before anything is made`() {
        let error = #expect(throws: CommandFailure.self) { try NewProfileFile(path: path + "/x", .refused) }
        #expect(error?.message.hasPrefix("\(path)/x cannot be written: ") == true)
        #expect(error?.hint == nil)
    }
}
