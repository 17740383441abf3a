import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import Foundation
import Testing

@Suite struct FileRootKeyProviderTests {
    private let folder: TemporaryDirectory
    private let path: String
    private let provider: FileRootKeyProvider
    private let identity = RowIdentity("setting", "x")

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.file("root.key")
        provider = FileRootKeyProvider(path: path)
    }

    private func open() throws -> (any RootKey)? { try provider.open(parameters: [], passphrase: nil) }

    private func permissions() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func write(_ count: Int, mode: Int = 0o600) {
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(repeating: 5, count: count), attributes: [.posixPermissions: mode])
        #expect(isWritten)
    }

    private func expectRefusal(_ part: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let failures: [() throws -> Void] = [
            { _ = try open() }, { _ = try provider.create(passphrase: nil) },
        ]
        for failure in failures {
            let error = #expect(throws: KMSError.self, sourceLocation: sourceLocation) { try failure() }
            #expect(error?.code == .backendFailed, sourceLocation: sourceLocation)
            #expect(error?.message.contains(part) == true, sourceLocation: sourceLocation)
        }
    }

    @Test func `A created root key is found again`() throws {
        let made = try #require(try provider.create(passphrase: nil))
        let wrapped = try made.key.wrap(KeyMaterial([1, 2]), identity: identity)
        let found = try #require(try open())
        #expect(try found.unwrap(wrapped, identity: identity) == KeyMaterial([1, 2]))
        #expect(made.parameters.isEmpty)
    }

    @Test func `The file has 32 bytes that only the owner reads`() throws {
        _ = try provider.create(passphrase: nil)
        #expect(try permissions() == 0o600)
        #expect(try Data(contentsOf: URL(filePath: path)).count == 32)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["root.key"])
    }

    @Test func `Two servers have different root keys`() throws {
        _ = try provider.create(passphrase: nil)
        let other = folder.file("other.key")
        _ = try FileRootKeyProvider(path: other).create(passphrase: nil)
        #expect(try Data(contentsOf: URL(filePath: path)) != Data(contentsOf: URL(filePath: other)))
    }

    @Test func `A file that a first start left behind is taken, not replaced`() throws {
        let first = try #require(try provider.create(passphrase: nil))
        let wrapped = try first.key.wrap(KeyMaterial([1]), identity: identity)
        let second = try #require(try provider.create(passphrase: nil))
        #expect(try second.key.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test func `What a first start left half written is no root key`() throws {
        try Data([1, 2, 3]).write(to: URL(filePath: path + ".new"))
        let made = try #require(try provider.create(passphrase: nil))
        let wrapped = try made.key.wrap(KeyMaterial([1]), identity: identity)
        let found = try #require(try open())
        #expect(try found.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test func `An absent file is no root key and is not made by opening`() throws {
        #expect(try open() == nil)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o606, 0o610, 0o601, 0o644])
    func `A file that others can reach is refused`(mode: Int) {
        write(32, mode: mode)
        expectRefusal("chmod 600")
    }

    @Test(arguments: [0o600, 0o400])
    func `A file of the owner alone is taken`(mode: Int) throws {
        write(32, mode: mode)
        #expect(try open() != nil)
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func `A file of a wrong size is refused`(size: Int) {
        write(size)
        expectRefusal("\(size) bytes")
    }

    @Test func `A symbolic link is refused`() throws {
        write(32)
        let link = folder.file("link.key")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: KMSError.self) {
            try FileRootKeyProvider(path: link).open(parameters: [], passphrase: nil)
        }
        #expect(throws: KMSError.self) { try FileRootKeyProvider(path: link).create(passphrase: nil) }
        let dangling = folder.file("dangling.key")
        try FileManager.default.createSymbolicLink(atPath: dangling, withDestinationPath: folder.file("nowhere"))
        #expect(throws: KMSError.self) { try FileRootKeyProvider(path: dangling).create(passphrase: nil) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("nowhere")))
    }

    @Test func `A folder is refused`() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        expectRefusal("no regular file")
    }

    @Test func `A folder that is missing is an error, not an absent key's making`() {
        let provider = FileRootKeyProvider(path: folder.file("missing/root.key"))
        let error = #expect(throws: KMSError.self) { try provider.create(passphrase: nil) }
        #expect(error?.code == .backendFailed)
    }
}
