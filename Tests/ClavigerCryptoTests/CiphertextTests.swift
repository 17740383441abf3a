import Crypto
import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct CiphertextTests {
    private static func material(_ suite: Ciphertext.Suite) -> KeyMaterial {
        KeyMaterial([UInt8](0..<UInt8(suite.materialSize)))
    }

    private static let keyID: UInt128 = 0x9f2b_0c56_8a0e_4a53_9d0a_1c1f_3f1c_7e42
    private static let versionID: UInt128 = 0x0011_2233_4455_4677_8899_aabb_ccdd_eeff

    private func seal(
        _ plaintext: [UInt8],
        under material: KeyMaterial? = nil,
        suite: Ciphertext.Suite = .aes256GCM,
        purpose: Ciphertext.Purpose = .data,
        keyID: UInt128 = Self.keyID,
        versionID: UInt128 = Self.versionID,
        context: EncryptionContext = .empty,
        issuedAt: UInt64 = 1_767_225_600,
        salt: [UInt8] = [UInt8](64..<96),
        iv: [UInt8] = [UInt8](128..<140)
    ) throws -> [UInt8] {
        try plaintext.withUnsafeBytes { plaintext in
            try salt.withUnsafeBytes { salt in
                try iv.withUnsafeBytes { iv in
                    try Ciphertext.seal(
                        plaintext, under: material ?? Self.material(suite), suite: suite, purpose: purpose,
                        keyID: keyID, keyVersionID: versionID, context: context, issuedAt: issuedAt, salt: salt, iv: iv)
                }
            }
        }
    }

    private func open(
        _ bytes: [UInt8],
        with material: KeyMaterial? = nil,
        context: EncryptionContext = .empty
    ) throws -> [UInt8] {
        let ciphertext = try Ciphertext(bytes)
        return try ciphertext.open(with: material ?? Self.material(ciphertext.suite), context: context).exposed
    }

    // MARK: published vectors

    @Test(arguments: CiphertextVectors.file.ciphertexts)
    func `Encryption gives the ciphertext of the vectors`(vector: CiphertextVectors.Message) throws {
        let context = try vector.encryptionContext()
        #expect(Hex.string(context.encoded) == vector.encodedContext)
        let sealed = try seal(
            vector.content, under: KeyMaterial([UInt8](hex: vector.material)),
            suite: #require(Ciphertext.Suite(rawValue: vector.suite)),
            purpose: #require(Ciphertext.Purpose(rawValue: vector.purpose)), keyID: UInt128(vector.keyID),
            versionID: UInt128(vector.keyVersionID), context: context, issuedAt: vector.issuedAt,
            salt: [UInt8](hex: vector.salt), iv: [UInt8](hex: vector.iv))
        if let ciphertext = vector.ciphertext {
            #expect(Hex.string(sealed) == ciphertext)
        } else {
            #expect(Hex.string(SHA256.hash(data: sealed)) == vector.ciphertextSHA256)
        }
        #expect(try open(sealed, with: KeyMaterial([UInt8](hex: vector.material)), context: context) == vector.content)
    }

    @Test(arguments: CiphertextVectors.file.ciphertexts.filter { $0.ciphertext != nil })
    func `Decryption gives the plaintext of the vectors`(vector: CiphertextVectors.Message) throws {
        let ciphertext = try Ciphertext([UInt8](hex: #require(vector.ciphertext)))
        #expect(ciphertext.suite.rawValue == vector.suite)
        #expect(ciphertext.purpose.rawValue == vector.purpose)
        #expect(ciphertext.keyID == UInt128(vector.keyID))
        #expect(ciphertext.keyVersionID == UInt128(vector.keyVersionID))
        #expect(ciphertext.issuedAt == vector.issuedAt)
        let opened = try ciphertext.open(
            with: KeyMaterial([UInt8](hex: vector.material)), context: vector.encryptionContext())
        #expect(opened.exposed == vector.content)
    }

    @Test(arguments: CiphertextVectors.file.refusedCiphertexts)
    func `What the vectors refuse is refused`(vector: CiphertextVectors.RefusedMessage) throws {
        let context = try EncryptionContext(jsonText: vector.context)
        #expect(throws: CryptoError.notAuthentic, "\(vector.name)") {
            try open(
                [UInt8](hex: vector.ciphertext), with: KeyMaterial([UInt8](hex: vector.material)), context: context)
        }
    }

    @Test(arguments: Ciphertext.Suite.allCases)
    func `The vectors have messages of every suite`(suite: Ciphertext.Suite) {
        let vectors = CiphertextVectors.file
        #expect(vectors.ciphertexts.contains { $0.suite == suite.rawValue })
        #expect(
            vectors.refusedCiphertexts.contains { [UInt8](hex: $0.ciphertext).dropFirst(4).first == suite.rawValue })
        #expect(vectors.ambiguousCiphertexts.contains { $0.suite == suite.rawValue })
    }

    @Test(arguments: ["worked example", "suite 2: worked example"])
    func `The page quotes the vectors of its worked examples`(name: String) throws {
        let page = try String(contentsOf: VectorFiles.pages.appending(path: "ciphertext-format.md"), encoding: .utf8)
            .filter { !$0.isWhitespace }
        let vector = try #require(CiphertextVectors.file.ciphertexts.first { $0.name == name })
        let ciphertext = try #require(vector.ciphertext)
        for value in [
            vector.material, vector.salt, vector.iv, vector.messageKey, vector.commitment, vector.encodedContext,
            ciphertext,
            Base64.string([UInt8](hex: ciphertext)),
        ] {
            #expect(page.contains(value))
        }
    }

    // MARK: round trip

    @Test(arguments: Ciphertext.Suite.allCases, Array(0...70) + [255, 256, 257, 1023, 1024, 1025, 4095, 4096])
    func `What was encrypted is decrypted, and 140 bytes longer`(suite: Ciphertext.Suite, size: Int) throws {
        let plaintext = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
        let context = try EncryptionContext(jsonText: #"{"a":"b"}"#)
        let sealed = try seal(plaintext, suite: suite, context: context)
        #expect(sealed.count == size + 140)
        #expect(Ciphertext.overhead == 140)
        #expect(try open(sealed, context: context) == plaintext)
    }

    /// Huawei documents 188 … 5648 characters of base64 for 1 … 4096 bytes.
    @Test(arguments: [(1, 188), (4096, 5648)])
    func `The text form has the length that clients expect`(size: Int, characters: Int) throws {
        #expect(try Base64.string(seal([UInt8](repeating: 1, count: size))).utf8.count == characters)
    }

    @Test(arguments: Ciphertext.Suite.allCases, Ciphertext.Purpose.allCases)
    func `The header tells what was encrypted`(suite: Ciphertext.Suite, purpose: Ciphertext.Purpose) throws {
        let ciphertext = try Ciphertext(seal([1], suite: suite, purpose: purpose, issuedAt: .max))
        #expect(ciphertext.suite == suite)
        #expect(ciphertext.purpose == purpose)
        #expect(ciphertext.keyID == Self.keyID)
        #expect(ciphertext.keyVersionID == Self.versionID)
        #expect(ciphertext.issuedAt == .max)
    }

    @Test(arguments: Ciphertext.Suite.allCases)
    func `Each message has a key and a commitment of its own`(suite: Ciphertext.Suite) throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let salts = (0..<8).map { [UInt8](repeating: $0, count: 32) }
        var messages = try salts.map { try seal(zeros, suite: suite, salt: $0) }
        messages.append(try seal(zeros, suite: suite, purpose: .dataKey))
        messages.append(try seal(zeros, suite: suite, keyID: Self.keyID ^ 1))
        messages.append(try seal(zeros, suite: suite, versionID: Self.versionID ^ 1))
        #expect(Set(messages.map { $0[92..<124] }).count == salts.count + 3)
        #expect(Set(messages.map { $0[124..<156] }).count == salts.count + 3)
    }

    // MARK: refusals

    @Test(arguments: Ciphertext.Suite.allCases)
    func `No bit can change`(suite: Ciphertext.Suite) throws {
        let sealed = try seal([1, 2, 3], suite: suite)
        #expect(try open(sealed) == [1, 2, 3])
        for bit in 0..<sealed.count * 8 {
            #expect(throws: CryptoError.notAuthentic, "bit \(bit)") { try open(sealed.flipping(bit: bit)) }
        }
    }

    @Test(arguments: Ciphertext.Suite.allCases)
    func `No byte can be missing`(suite: Ciphertext.Suite) throws {
        let sealed = try seal([UInt8](0..<40), suite: suite)
        for end in 0..<sealed.count {
            #expect(throws: CryptoError.notAuthentic, "\(end) bytes") { try open(Array(sealed[..<end])) }
            #expect(throws: CryptoError.notAuthentic, "without the first \(end + 1)") {
                try open(Array(sealed[(end + 1)...]))
            }
            var shorter = sealed
            shorter.remove(at: end)
            #expect(throws: CryptoError.notAuthentic, "without byte \(end)") { try open(shorter) }
        }
    }

    @Test(arguments: Ciphertext.Suite.allCases, [1, 2, 16, 32, 48, 140, 1000])
    func `No bytes can be added`(suite: Ciphertext.Suite, count: Int) throws {
        let sealed = try seal([1, 2, 3], suite: suite)
        #expect(throws: CryptoError.notAuthentic) { try open(sealed + [UInt8](repeating: 0, count: count)) }
        #expect(throws: CryptoError.notAuthentic) { try open([UInt8](repeating: 0, count: count) + sealed) }
        #expect(throws: CryptoError.notAuthentic) { try open(sealed + sealed.suffix(count)) }
    }

    @Test(
        arguments: Ciphertext.Suite.allCases,
        [
            (#"{"a":"1"}"#, #"{"a":1}"#), (#"{"a":"1"}"#, #"{"A":"1"}"#), (#"{"a":"1"}"#, #"{"a":"1","b":null}"#),
            (#"{"a":"1"}"#, "{}"),
            ("{}", #"{"a":"1"}"#),
        ])
    func `Another context does not decrypt`(suite: Ciphertext.Suite, contexts: (sealed: String, opened: String)) throws
    {
        let sealed = try seal([1, 2, 3], suite: suite, context: EncryptionContext(jsonText: contexts.sealed))
        let other = try EncryptionContext(jsonText: contexts.opened)
        #expect(throws: CryptoError.notAuthentic) { try open(sealed, context: other) }
    }

    @Test func `Additional data does not decrypt what a context protects`() throws {
        let context = try EncryptionContext(jsonText: #"{"a":"b"}"#)
        let data = EncryptionContext(additionalData: Array(#"{"a":"b"}"#.utf8))
        let sealed = try seal([1], context: context)
        #expect(throws: CryptoError.notAuthentic) { try open(sealed, context: data) }
        let other = try seal([1], context: data)
        #expect(throws: CryptoError.notAuthentic) { try open(other, context: context) }
    }

    @Test func `A context that only means the same decrypts`() throws {
        let sealed = try seal([1, 2, 3], context: EncryptionContext(jsonText: #"{"a":1,"b":"c"}"#))
        #expect(try open(sealed, context: EncryptionContext(jsonText: #"{ "b":"\u0063", "a":1.0 }"#)) == [1, 2, 3])
    }

    @Test(arguments: Ciphertext.Suite.allCases)
    func `Another material does not decrypt`(suite: Ciphertext.Suite) throws {
        let sealed = try seal([1, 2, 3], suite: suite)
        for bit in stride(from: 0, to: suite.materialSize * 8, by: 5) {
            let other = KeyMaterial(Self.material(suite).exposed.flipping(bit: bit))
            #expect(throws: CryptoError.notAuthentic) { try open(sealed, with: other) }
        }
    }

    @Test(arguments: [(Ciphertext.Suite.aes256GCM, 32), (.sm4GCM, 16)])
    func `Material of another size neither encrypts nor decrypts`(suite: Ciphertext.Suite, size: Int) throws {
        let sealed = try seal([1, 2, 3], under: KeyMaterial(0..<UInt8(size)), suite: suite)
        for other in [0, 1, 15, 16, 17, 31, 32, 33, 64] where other != size {
            let material = KeyMaterial(0..<UInt8(other))
            #expect(throws: CryptoError.malformed) { try seal([1, 2, 3], under: material, suite: suite) }
            #expect(throws: CryptoError.notAuthentic) { try open(sealed, with: material) }
        }
    }

    @Test(arguments: Ciphertext.Suite.allCases, Ciphertext.Suite.allCases)
    func `One suite cannot be passed off as another`(made: Ciphertext.Suite, claimed: Ciphertext.Suite) throws {
        var sealed = try seal([1, 2, 3], suite: made)
        sealed[4] = claimed.rawValue
        for material in Ciphertext.Suite.allCases.map(Self.material) {
            if made == claimed, material.count == made.materialSize {
                #expect(try open(sealed, with: material) == [1, 2, 3])
            } else {
                #expect(throws: CryptoError.notAuthentic) { try open(sealed, with: material) }
            }
        }
    }

    @Test(arguments: Ciphertext.Purpose.allCases, Ciphertext.Purpose.allCases)
    func `One purpose cannot be passed off as another`(made: Ciphertext.Purpose, claimed: Ciphertext.Purpose) throws {
        var sealed = try seal([1, 2, 3], purpose: made)
        sealed[5] = claimed.rawValue
        if made == claimed {
            #expect(try open(sealed) == [1, 2, 3])
        } else {
            #expect(throws: CryptoError.notAuthentic) { try open(sealed) }
        }
    }

    // MARK: commitment

    @Test(arguments: Ciphertext.Suite.allCases)
    func `The commitment of another key is refused even if the tag is right`(suite: Ciphertext.Suite) throws {
        let sealed = try seal([1, 2, 3], suite: suite)
        let other = KeyMaterial([UInt8](repeating: 9, count: suite.materialSize))
        let forged = try seal([1, 2, 3], under: other, suite: suite)
        let mixed = Array(sealed[..<95] + forged[95..<127] + sealed[127...])
        #expect(throws: CryptoError.notAuthentic) { try open(mixed) }
        #expect(throws: CryptoError.notAuthentic) { try open(mixed, with: other) }
    }

    /// The attack that the commitment prevents: GCM accepts this message under two keys and gives two plaintexts.
    @Test(arguments: CiphertextVectors.file.ambiguousCiphertexts)
    func `A message that is right under two keys opens with one material only`(
        message: CiphertextVectors.AmbiguousMessage
    ) throws {
        let suite = try #require(Ciphertext.Suite(rawValue: message.suite))
        try #require(message.openings.count == 2)
        for opening in message.openings {
            let (key, iv, aad) = ([UInt8](hex: opening.messageKey), [UInt8](hex: message.iv), [UInt8](hex: message.aad))
            let (sealed, tag) = ([UInt8](hex: message.sealed), [UInt8](hex: message.tag))
            let plaintext =
                switch suite {
                case .aes256GCM: try AES256GCM.open(sealed, key: key, iv: iv, authenticating: aad, tag: tag)
                case .sm4GCM: try SM4GCM.open(sealed, key: key, iv: iv, authenticating: aad, tag: tag)
                }
            #expect(Hex.string(plaintext) == opening.plaintext)
        }
        for (index, opening) in message.openings.enumerated() {
            let other = message.openings[1 - index]
            let ciphertext = [UInt8](hex: opening.ciphertext)
            let opened = try open(ciphertext, with: KeyMaterial([UInt8](hex: opening.material)))
            #expect(Hex.string(opened) == opening.plaintext)
            #expect(throws: CryptoError.notAuthentic) {
                try open(ciphertext, with: KeyMaterial([UInt8](hex: other.material)))
            }
        }
    }
}
