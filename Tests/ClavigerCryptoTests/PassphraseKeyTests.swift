import Testing

@testable import ClavigerCrypto

@Suite struct PassphraseKeyTests {
    struct Vector: Sendable {
        let passphrase: String
        let salt: String
        let cost: PassphraseKey.Cost
        let key: String
    }

    /// RFC 7914 section 12, but for the case that takes 1 GiB.
    ///
    /// The RFC derives 64 bytes. Their first half is what deriving 32 bytes gives: the output of scrypt is that of one
    /// PBKDF2, whose blocks of 32 bytes do not depend on how many are asked for, and the work before it does not depend
    /// on the size of the output.
    static let vectors = [
        Vector(
            passphrase: "", salt: "", cost: .init(rounds: 16, blockSize: 1, parallelism: 1),
            key: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
        Vector(
            passphrase: "password", salt: "NaCl", cost: .init(rounds: 1024, blockSize: 8, parallelism: 16),
            key: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
        Vector(
            passphrase: "pleaseletmein", salt: "SodiumChloride",
            cost: .init(rounds: 16384, blockSize: 8, parallelism: 1),
            key: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"),
    ]

    @Test(arguments: vectors)
    func `The test vectors of RFC 7914 hold`(vector: Vector) throws {
        let key = try PassphraseKey.derive(
            from: KeyMaterial(vector.passphrase.utf8), salt: Array(vector.salt.utf8), cost: vector.cost)
        #expect(Hex.string(key.exposed) == vector.key)
    }

    @Test func `Passphrase, salt and cost all count`() throws {
        let cheap = PassphraseKey.Cost(rounds: 16, blockSize: 1, parallelism: 1)
        let keys = try [
            PassphraseKey.derive(from: KeyMaterial("a".utf8), salt: [1], cost: cheap),
            PassphraseKey.derive(from: KeyMaterial("b".utf8), salt: [1], cost: cheap),
            PassphraseKey.derive(from: KeyMaterial("a".utf8), salt: [2], cost: cheap),
            PassphraseKey.derive(
                from: KeyMaterial("a".utf8), salt: [1], cost: .init(rounds: 32, blockSize: 1, parallelism: 1)),
            PassphraseKey.derive(
                from: KeyMaterial("a".utf8), salt: [1], cost: .init(rounds: 16, blockSize: 2, parallelism: 1)),
            PassphraseKey.derive(
                from: KeyMaterial("a".utf8), salt: [1], cost: .init(rounds: 16, blockSize: 1, parallelism: 2)),
        ]
        #expect(Set(keys.map(\.exposed)).count == keys.count)
    }

    @Test(arguments: [
        PassphraseKey.Cost(rounds: 0, blockSize: 8, parallelism: 1),
        PassphraseKey.Cost(rounds: 1, blockSize: 8, parallelism: 1),
        PassphraseKey.Cost(rounds: 3, blockSize: 8, parallelism: 1),
        PassphraseKey.Cost(rounds: -16, blockSize: 8, parallelism: 1),
        PassphraseKey.Cost(rounds: .min, blockSize: 8, parallelism: 1),
        PassphraseKey.Cost(rounds: 16, blockSize: 0, parallelism: 1),
        PassphraseKey.Cost(rounds: 16, blockSize: -1, parallelism: 1),
        PassphraseKey.Cost(rounds: 16, blockSize: 8, parallelism: 0),
        PassphraseKey.Cost(rounds: 1 << 62, blockSize: 8, parallelism: 1),
        PassphraseKey.Cost(rounds: 16, blockSize: .max, parallelism: 1),
        PassphraseKey.Cost(rounds: 16, blockSize: 8, parallelism: .max),
    ])
    func `A cost that cannot be paid is refused`(cost: PassphraseKey.Cost) {
        #expect(throws: CryptoError.malformed) {
            try PassphraseKey.derive(from: KeyMaterial("a".utf8), salt: [1], cost: cost)
        }
    }
}
