import Testing

@testable import ClavigerCrypto

@Suite struct KeyWrappingTests {
    private static let key = KeyMaterial(0..<32)
    private static let identity = Array("key-version/1".utf8)
    private static let salt = [UInt8](64..<96)

    private func wrap(_ secret: [UInt8], salt: [UInt8] = Self.salt) throws -> [UInt8] {
        try KeyWrapping.wrap(KeyMaterial(secret), under: Self.key, identity: Self.identity, salt: salt)
    }

    private func unwrap(_ wrapped: [UInt8], under key: KeyMaterial = Self.key, identity: [UInt8] = Self.identity) throws
        -> [UInt8]
    {
        try KeyWrapping.unwrap(wrapped, under: key, identity: identity).exposed
    }

    @Test(arguments: CiphertextVectors.file.wrapped)
    func `Wrapping agrees with the vectors`(vector: CiphertextVectors.Wrapped) throws {
        let key = KeyMaterial([UInt8](hex: vector.key))
        let identity = [UInt8](hex: vector.identity)
        let wrapped = try KeyWrapping.wrap(
            KeyMaterial([UInt8](hex: vector.secret)), under: key, identity: identity, salt: [UInt8](hex: vector.salt))
        #expect(Hex.string(wrapped) == vector.wrapped)
        #expect(try Hex.string(unwrap([UInt8](hex: vector.wrapped), under: key, identity: identity)) == vector.secret)
    }

    @Test(arguments: CiphertextVectors.file.refusedWrapped)
    func `What the vectors refuse is refused`(vector: CiphertextVectors.RefusedWrapped) {
        #expect(throws: CryptoError.notAuthentic, "\(vector.name)") {
            try unwrap(
                [UInt8](hex: vector.wrapped), under: KeyMaterial([UInt8](hex: vector.key)),
                identity: [UInt8](hex: vector.identity))
        }
    }

    @Test(arguments: [0, 1, 16, 32, 64, 255, 1218, 4096, 20_000])
    func `What was wrapped is unwrapped`(size: Int) throws {
        let secret = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        let wrapped = try wrap(secret)
        #expect(wrapped.count == size + KeyWrapping.overhead)
        #expect(try unwrap(wrapped) == secret)
    }

    @Test func `The same secret is never wrapped in the same way`() throws {
        let other = [UInt8](96..<128)
        #expect(try wrap([1, 2, 3]).suffix(19) != wrap([1, 2, 3], salt: other).suffix(19))
    }

    @Test(arguments: ["", "key-version/2", "key-version/1 ", "key-version/", "Key-version/1"])
    func `A secret does not open in another place`(identity: String) throws {
        let wrapped = try wrap([1, 2, 3])
        #expect(throws: CryptoError.notAuthentic) { try unwrap(wrapped, identity: Array(identity.utf8)) }
    }

    @Test func `Another key does not unwrap`() throws {
        let wrapped = try wrap([1, 2, 3])
        for bit in 0..<256 {
            let other = KeyMaterial(Self.key.exposed.flipping(bit: bit))
            #expect(throws: CryptoError.notAuthentic) { try unwrap(wrapped, under: other) }
        }
    }

    @Test func `No bit can change`() throws {
        let wrapped = try wrap([UInt8](0..<32))
        for bit in 0..<wrapped.count * 8 {
            #expect(throws: CryptoError.notAuthentic, "bit \(bit)") { try unwrap(wrapped.flipping(bit: bit)) }
        }
    }

    @Test func `No byte can be missing or added`() throws {
        let wrapped = try wrap([UInt8](0..<32))
        for end in 0..<wrapped.count {
            #expect(throws: CryptoError.notAuthentic, "\(end) bytes") { try unwrap(Array(wrapped[..<end])) }
        }
        #expect(throws: CryptoError.notAuthentic) { try unwrap(wrapped + [0]) }
        #expect(throws: CryptoError.notAuthentic) { try unwrap([0] + wrapped) }
    }
}
