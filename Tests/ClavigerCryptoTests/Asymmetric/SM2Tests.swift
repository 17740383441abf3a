import COpenSSL
import Testing

@testable import ClavigerCrypto

/// SM2 with raw keys; most vectors are those of ``SM2VectorTests``.
@Suite struct SM2Tests {
    private static let vectors = SM2Vectors.read()

    /// GB/T 32918.5-2017, annexes A.2 and C.2.
    private static let scalar = [UInt8](hex: "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
    private static let point = [UInt8](
        hex: "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
    private static let nonce = [UInt8](hex: "59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21")
    private static let digest = [UInt8](repeating: 0xA5, count: 32)
    /// n without its last four bytes, 39d54123.
    private static let order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf409"

    // MARK: signatures

    @Test(arguments: vectors.signatures)
    func `Exactly the valid signatures verify, in either form`(vector: SM2Vectors.Signature) throws {
        let point = Array([UInt8](hex: vector.spki).suffix(64))
        let digest = try digest(of: [UInt8](hex: vector.message), by: [UInt8](hex: vector.user), point)
        // Two vectors are wrong only because they name the other form.
        let isOfOtherForm = vector.name == "DER: raw numbers" || vector.name == "raw: DER"
        #expect(try verifies([UInt8](hex: vector.signature), digest, point) == (vector.valid || isOfOtherForm))
        #expect(try !verifies([UInt8](hex: vector.signature), digest.flipping(bit: 255), point))
    }

    @Test func `A signature is canonical DER, and the server accepts it too`() throws {
        for round in 0..<50 {
            let (point, scalar) = try pair()
            let digest = [UInt8](repeating: UInt8(round), count: 32)
            let signature = try sign(digest, scalar, point)
            #expect(signature.count <= SM2.largestSignature)
            #expect(SignatureNumbers(signature, .der, size: 32)?.der == signature)
            #expect(try verifies(signature, digest, point))
            #expect(try publicKey(point).verify(signature, digest: digest, .sm2DSA))
            let raw = try #require(SignatureNumbers(signature, .der, size: 32)).raw
            #expect(try verifies(raw, digest, point))
        }
    }

    @Test func `A scalar signs under a point that is not its own`() throws {
        let (point, scalar) = try pair()
        let signature = try sign(Self.digest, scalar, Self.point)
        #expect(try verifies(signature, Self.digest, point))
        #expect(try !verifies(signature, Self.digest, Self.point))
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func `A digest of another size is refused`(size: Int) throws {
        let digest = [UInt8](repeating: 7, count: size)
        #expect(throws: CryptoError.malformed) { try sign(digest, Self.scalar, Self.point) }
        #expect(throws: CryptoError.malformed) { try verifies([], digest, Self.point) }
    }

    @Test func `The name of the user has up to 8191 bytes`() throws {
        _ = try digest(of: [], by: [UInt8](repeating: 1, count: SM2.longestUserID), Self.point)
        #expect(throws: CryptoError.malformed) {
            try digest(of: [], by: [UInt8](repeating: 1, count: SM2.longestUserID + 1), Self.point)
        }
    }

    // MARK: keys

    @Test(arguments: [String(repeating: "0", count: 64)] + ["39d54122", "39d54123", "39d54124"].map { order + $0 })
    func `A scalar that is no private key neither signs nor decrypts`(scalar: String) throws {
        let scalar = [UInt8](hex: scalar)
        #expect(throws: CryptoError.malformed) { try sign(Self.digest, scalar, Self.point) }
        #expect(throws: CryptoError.malformed) { try decrypt([UInt8](repeating: 4, count: 200), scalar) }
    }

    @Test(arguments: [String(repeating: "0", count: 63) + "1", order + "39d54121"])
    func `The first and the last private key sign and decrypt`(scalar: String) throws {
        let scalar = [UInt8](hex: scalar)
        let point = Array(
            try scalar.withBytes { bytes throws(CryptoError) in
                try EllipticCurve.of(.sm2).point(of: bytes)
            }.dropFirst())
        #expect(try verifies(try sign(Self.digest, scalar, point), Self.digest, point))
        #expect(try decrypt(try encrypt([1, 2, 3], point), scalar) == [1, 2, 3])
    }

    @Test(arguments: vectors.publicKeys)
    func `A public key is taken from its canonical PEM, or one with a compressed point`(
        vector: SM2Vectors.PublicKeyInfo
    ) throws {
        let spki = [UInt8](hex: vector.spki)
        let pem = PEM.encode(spki, label: PublicKey.pemLabel)
        if vector.valid {
            #expect(try point(pem: pem) == Array(spki.suffix(64)))
        } else if vector.name == "compressed" {
            #expect(try point(pem: pem).prefix(32) == spki.suffix(32))
        } else {
            #expect(throws: CryptoError.malformed) { try point(pem: pem) }
        }
    }

    @Test func `A compressed point stands for the one with that parity of y`() throws {
        for _ in 0..<20 {
            let (whole, _) = try pair()
            let compressed = [2 + whole[63] % 2] + whole.prefix(32)
            let spki = DER.sequence(AsymmetricAlgorithm.sm2.identifier, DER.element(.bitString, [0] + compressed))
            #expect(try point(pem: PEM.encode(spki, label: PublicKey.pemLabel)) == whole)
        }
    }

    @Test(arguments: [0, 256, 511])
    func `What is not a point of the curve is refused everywhere`(bit: Int) {
        let point = Self.point.flipping(bit: bit)
        #expect(throws: CryptoError.malformed) { try sign(Self.digest, Self.scalar, point) }
        #expect(throws: CryptoError.malformed) { try verifies([], Self.digest, point) }
        #expect(throws: CryptoError.malformed) { try encrypt([1], point) }
        #expect(throws: CryptoError.malformed) { try digest(of: [], by: [1], point) }
    }

    // MARK: ciphertexts

    /// GB/T 32918.5-2017, annex C.2.
    @Test func `With the standard's random number the ciphertext is the standard's`() throws {
        let vector = try #require(Self.vectors.ciphertexts.first)
        let plaintext = Array("encryption standard".utf8)
        #expect(try encrypt(plaintext, Self.point, nonce: Self.nonce) == [UInt8](hex: vector.ciphertext))
    }

    @Test(arguments: vectors.ciphertexts)
    func `Exactly the right ciphertexts are decrypted with a raw scalar, in any form`(
        vector: SM2Vectors.Ciphertext
    ) throws {
        let ciphertext = [UInt8](hex: vector.ciphertext)
        if let plaintext = vector.plaintext {
            #expect(try decrypt(ciphertext, Self.scalar) == [UInt8](hex: plaintext))
        } else {
            var room = [UInt8](repeating: 0xA5, count: ciphertext.count)
            #expect(throws: CryptoError.notAuthentic) { try decrypt(ciphertext, Self.scalar, into: &room) }
            #expect(room.allSatisfy { $0 == 0xA5 || $0 == 0 }, "something that was not authentic was given out")
        }
    }

    @Test(arguments: [1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 1000, 65_535, 65_536, 70_000])
    func `A text of any size comes back, here and at the server`(size: Int) throws {
        let (point, scalar) = try pair()
        let plaintext = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let ciphertext = try encrypt(plaintext, point)
        #expect(try decrypt(ciphertext, scalar) == plaintext)
        let info = PrivateKeyInfoBytes.sm2(scalar)
        #expect(try PrivateKey(pkcs8: info).decrypt(ciphertext, .sm2ASN1).exposed == plaintext)
        let theirs = try publicKey(point).encrypt(KeyMaterial(plaintext), .sm2Raw)
        #expect(try decrypt(theirs, scalar) == plaintext)
        #expect(try decrypt(Array(theirs.dropFirst()), scalar) == plaintext)
    }

    @Test func `A key stream of zeros is never used`() throws {
        let (point, _) = try pair()
        var refused = 0
        for _ in 0..<1000 {
            let nonce = try pair().scalar
            // Its one byte of C2 would be the plaintext.
            if let ciphertext = try encrypt([0x5A], point, nonce: nonce) {
                #expect(ciphertext.last != 0x5A)
            } else {
                refused += 1
            }
        }
        // About 4 of them; that there is none happens once in 50.
        #expect(refused < 30)
        for _ in 0..<600 { #expect(try encrypt([0x5A], point).last != 0x5A) }
    }

    @Test func `No bit of a ciphertext can change`() throws {
        let ciphertext = try encrypt([1, 2, 3], Self.point)
        for bit in 0..<ciphertext.count * 8 {
            #expect(throws: CryptoError.notAuthentic, "bit \(bit)") {
                try decrypt(ciphertext.flipping(bit: bit), Self.scalar)
            }
        }
    }

    @Test func `No front of a ciphertext is one, nor one with a byte more`() throws {
        let ciphertext = try encrypt([UInt8](repeating: 9, count: 40), Self.point)
        for count in 0..<ciphertext.count {
            #expect(throws: CryptoError.notAuthentic, "\(count) bytes") {
                try decrypt(Array(ciphertext[..<count]), Self.scalar)
            }
        }
        #expect(throws: CryptoError.notAuthentic) { try decrypt(ciphertext + [0], Self.scalar) }
    }

    // MARK: bytes from anywhere

    @Test func `Random bytes pass for nothing, and leave nothing in OpenSSL's list of errors`() throws {
        var random = SplitMix(state: 0x534D_3220_6675_7A7A)
        ERR_clear_error()
        for round in 0..<1000 {
            var bytes = random.bytes(Int(random.next() % 160))
            // Most begin like what is looked for.
            if round % 4 > 0, bytes.count > 4 {
                bytes[0] = round % 4 == 1 ? 0x30 : 4
                bytes[1] = UInt8(truncatingIfNeeded: round % 8 < 4 ? bytes.count - 2 : 0x81)
                bytes[2] = 2
            }
            #expect(throws: CryptoError.notAuthentic, "\(bytes)") { try decrypt(bytes, Self.scalar) }
            #expect(try !verifies(bytes, Self.digest, Self.point), "\(bytes)")
            #expect(throws: CryptoError.malformed, "\(bytes)") { try point(pem: bytes) }
            #expect(throws: CryptoError.malformed, "\(bytes)") {
                try point(pem: PEM.encode(bytes, label: PublicKey.pemLabel))
            }
        }
        #expect(ERR_peek_error() == 0)
    }

    @Test func `A length in four bytes is read, and only if it needs them`() throws {
        let large = [4, 0x84, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 1 << 24)
        let content = try large.withBytes { bytes throws(CryptoError) in
            var reader = DERReader(bytes)
            return try reader.read(.octetString).count
        }
        #expect(content == 1 << 24)
        let small = [4, 0x84, 0, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 1 << 24)
        #expect(throws: CryptoError.malformed) {
            try small.withBytes { bytes throws(CryptoError) in
                var reader = DERReader(bytes)
                _ = try reader.read(.octetString)
            }
        }
    }
}

// MARK: Arrays

extension SM2Tests {
    private func pair() throws(CryptoError) -> (point: [UInt8], scalar: [UInt8]) {
        var (point, scalar) = ([UInt8](repeating: 0, count: 64), [UInt8](repeating: 0, count: 32))
        try point.withMemory { point throws(CryptoError) in
            try scalar.withMemory { scalar throws(CryptoError) in try SM2.generate(point: point, scalar: scalar) }
        }
        return (point, scalar)
    }

    private func publicKey(_ point: [UInt8]) throws(CryptoError) -> PublicKey {
        try PublicKey(
            spki: DER.sequence(AsymmetricAlgorithm.sm2.identifier, DER.element(.bitString, [0, 4] + point)))
    }

    private func point(pem: [UInt8]) throws(CryptoError) -> [UInt8] {
        try pem.withBytes { pem throws(CryptoError) in try SM2.point(pem: pem) }
    }

    private func digest(of message: [UInt8], by user: [UInt8], _ point: [UInt8]) throws(CryptoError) -> [UInt8] {
        try message.withBytes { message throws(CryptoError) in
            try user.withBytes { user throws(CryptoError) in
                try point.withBytes { point throws(CryptoError) in
                    try SM2.digest(of: message, userID: user, point: point).bytes
                }
            }
        }
    }

    private func sign(_ digest: [UInt8], _ scalar: [UInt8], _ point: [UInt8]) throws(CryptoError) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: SM2.largestSignature)
        let size = try digest.withBytes { digest throws(CryptoError) in
            try scalar.withBytes { scalar throws(CryptoError) in
                try point.withBytes { point throws(CryptoError) in
                    try signature.withMemory { signature throws(CryptoError) in
                        try SM2.sign(digest: digest, scalar: scalar, point: point, into: signature)
                    }
                }
            }
        }
        return Array(signature[..<size])
    }

    private func verifies(_ signature: [UInt8], _ digest: [UInt8], _ point: [UInt8]) throws(CryptoError) -> Bool {
        try signature.withBytes { signature throws(CryptoError) in
            try digest.withBytes { digest throws(CryptoError) in
                try point.withBytes { point throws(CryptoError) in
                    do throws(CryptoError) {
                        try SM2.verify(signature, digest: digest, point: point)
                        return true
                    } catch .notAuthentic {
                        return false
                    }
                }
            }
        }
    }

    private func encrypt(_ plaintext: [UInt8], _ point: [UInt8]) throws(CryptoError) -> [UInt8] {
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count + SM2.ciphertextOverhead)
        let size = try plaintext.withBytes { plaintext throws(CryptoError) in
            try point.withBytes { point throws(CryptoError) in
                try ciphertext.withMemory { ciphertext throws(CryptoError) in
                    try SM2.encrypt(plaintext, point: point, into: ciphertext)
                }
            }
        }
        return Array(ciphertext[..<size])
    }

    private func encrypt(_ plaintext: [UInt8], _ point: [UInt8], nonce: [UInt8]) throws(CryptoError) -> [UInt8]? {
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count + SM2.ciphertextOverhead)
        let curve = try EllipticCurve.of(.sm2)
        let size = try plaintext.withBytes { plaintext throws(CryptoError) in
            try nonce.withBytes { nonce throws(CryptoError) in
                let first = try curve.point(of: nonce)
                return try ciphertext.withMemory { ciphertext throws(CryptoError) in
                    try SM2.encrypt(
                        plaintext, to: [4] + point, on: curve, scalar: nonce, first: first, into: ciphertext)
                }
            }
        }
        return size.map { Array(ciphertext[..<$0]) }
    }

    private func decrypt(_ ciphertext: [UInt8], _ scalar: [UInt8]) throws(CryptoError) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: ciphertext.count)
        return Array(room[..<(try decrypt(ciphertext, scalar, into: &room))])
    }

    private func decrypt(_ ciphertext: [UInt8], _ scalar: [UInt8], into room: inout [UInt8]) throws(CryptoError) -> Int
    {
        try ciphertext.withBytes { ciphertext throws(CryptoError) in
            try scalar.withBytes { scalar throws(CryptoError) in
                try room.withMemory { room throws(CryptoError) in
                    try SM2.decrypt(ciphertext, scalar: scalar, into: room)
                }
            }
        }
    }
}

extension [UInt8] {
    /// Typed throws for `withUnsafeMutableBytes`.
    fileprivate mutating func withMemory<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        let outcome: Swift.Result<Result, CryptoError> = withUnsafeMutableBytes { bytes in
            do throws(CryptoError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}

/// PKCS#8 of a raw scalar, for the comparison with keys that the server loads.
private enum PrivateKeyInfoBytes {
    static func sm2(_ scalar: [UInt8]) -> KeyMaterial {
        scalar.withUnsafeBytes { PrivateKeyInfo.curve(.sm2, scalar: $0, point: nil).encoded() }
    }
}

/// A generator whose numbers are the same in every run (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
