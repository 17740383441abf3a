import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import Testing

@Suite struct PassphraseRootKeyProviderTests {
    static let cheap = PassphraseKey.Cost(rounds: 16, blockSize: 1, parallelism: 1)
    static let passphrase = KeyMaterial(Array("correct horse battery".utf8))

    private let identity = RowIdentity("setting", "x")

    private func provider(_ configured: KeyMaterial? = nil) -> PassphraseRootKeyProvider {
        PassphraseRootKeyProvider(passphrase: configured, cost: Self.cheap)
    }

    @Test func `The same passphrase gives the same root key`() throws {
        let made = try #require(try provider().create(passphrase: Self.passphrase))
        let wrapped = try made.key.wrap(KeyMaterial([1]), identity: identity)
        let found = try #require(try provider().open(parameters: made.parameters, passphrase: Self.passphrase))
        #expect(try found.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test func `Another passphrase gives another root key`() throws {
        let made = try #require(try provider().create(passphrase: Self.passphrase))
        let wrapped = try made.key.wrap(KeyMaterial([1]), identity: identity)
        let other = KeyMaterial(Array("correct horse batterz".utf8))
        let found = try #require(try provider().open(parameters: made.parameters, passphrase: other))
        #expect(throws: KMSError.self) { try found.unwrap(wrapped, identity: identity) }
    }

    @Test func `The salt makes equal passphrases different root keys`() throws {
        let first = try #require(try provider().create(passphrase: Self.passphrase))
        let second = try #require(try provider().create(passphrase: Self.passphrase))
        #expect(first.parameters != second.parameters)
        let wrapped = try first.key.wrap(KeyMaterial([1]), identity: identity)
        #expect(throws: KMSError.self) { try second.key.unwrap(wrapped, identity: identity) }
    }

    @Test func `Without a passphrase the root key is absent`() throws {
        #expect(try provider().create(passphrase: nil) == nil)
        let made = try #require(try provider().create(passphrase: Self.passphrase))
        #expect(try provider().open(parameters: made.parameters, passphrase: nil) == nil)
    }

    @Test func `A configured passphrase is used, and one that is entered goes before it`() throws {
        let made = try #require(try provider(Self.passphrase).create(passphrase: nil))
        let wrapped = try made.key.wrap(KeyMaterial([1]), identity: identity)
        let wrong = provider(KeyMaterial(Array("another passphrase".utf8)))
        let found = try #require(try wrong.open(parameters: made.parameters, passphrase: Self.passphrase))
        #expect(try found.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
        let configured = try #require(try provider(Self.passphrase).open(parameters: made.parameters, passphrase: nil))
        #expect(try configured.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test(arguments: ["", "short", "elevenbytes"])
    func `A short passphrase is refused`(passphrase: String) {
        let error = #expect(throws: KMSError.self) {
            try provider().create(passphrase: KeyMaterial(Array(passphrase.utf8)))
        }
        #expect(error?.code == .invalidParameterValue)
        #expect(error?.message.contains("12 bytes") == true)
    }

    @Test func `The parameters hold salt and cost, and no passphrase`() throws {
        let made = try #require(try provider().create(passphrase: Self.passphrase))
        let stored = try JSONParser.parse(made.parameters)
        #expect(stored["salt"]?.text?.utf8.count == 64)
        #expect(stored["rounds"] == .number(Array("16".utf8)[...]))
        #expect(!String(decoding: made.parameters, as: UTF8.self).contains("horse"))
    }

    @Test func `A root key keeps the cost it was made with`() throws {
        let made = try #require(try provider().create(passphrase: Self.passphrase))
        let wrapped = try made.key.wrap(KeyMaterial([1]), identity: identity)
        let dearer = PassphraseRootKeyProvider(
            passphrase: nil, cost: PassphraseKey.Cost(rounds: 32, blockSize: 2, parallelism: 1))
        let found = try #require(try dearer.open(parameters: made.parameters, passphrase: Self.passphrase))
        #expect(try found.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"salt":"zz","rounds":16,"blockSize":1,"parallelism":1}"#,
        #"{"salt":"00","rounds":"16","blockSize":1,"parallelism":1}"#, #"{"salt":"00","rounds":16,"blockSize":1}"#,
        #"{"salt":"00","rounds":15,"blockSize":1,"parallelism":1}"#,
        #"{"salt":"00","rounds":0,"blockSize":1,"parallelism":1}"#,
        #"{"salt":"00","rounds":1048576,"blockSize":1048576,"parallelism":1048576}"#,
    ])
    func `Damaged parameters are an error, not a wrong key`(parameters: String) {
        let error = #expect(throws: KMSError.self) {
            try provider().open(parameters: Array(parameters.utf8), passphrase: Self.passphrase)
        }
        #expect(error?.code == .backendFailed)
    }
}
