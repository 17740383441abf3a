import Testing

@testable import ClavigerCrypto

@Suite struct HMACSHA256Tests {
    struct Vector: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let code: String
    }

    /// RFC 4231, the test cases for SHA-256.
    static let vectors = [
        // Section 4.2
        Vector(
            key: Array(repeating: 0x0b, count: 20),
            message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        // Section 4.3
        Vector(
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        // Section 4.4
        Vector(
            key: Array(repeating: 0xaa, count: 20),
            message: Array(repeating: 0xdd, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        // Section 4.5
        Vector(
            key: Array(0x01...0x19),
            message: Array(repeating: 0xcd, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        // Section 4.6
        Vector(
            key: Array(repeating: 0x0c, count: 20),
            message: Array("Test With Truncation".utf8),
            code: "a3b6167473100ee06e0c796c2955552b"),  // the RFC gives 128 bits
        // Section 4.7
        Vector(
            key: Array(repeating: 0xaa, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        // Section 4.8
        Vector(
            key: Array(repeating: 0xaa, count: 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than block-s"
                    + "ize data. The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test(arguments: vectors)
    func `The test cases of RFC 4231 hold`(vector: Vector) {
        let code = vector.message.withUnsafeBytes { HMACSHA256(key: KeyMaterial(vector.key)).code(for: $0) }
        #expect(Hex.string(code).hasPrefix(vector.code))
    }

    @Test(arguments: vectors)
    func `A keyed state gives the same code every time`(vector: Vector) {
        let keyed = vector.key.withUnsafeBytes { HMACSHA256(key: $0) }
        let codes = (0..<3).map { _ in vector.message.withUnsafeBytes { Hex.string(keyed.code(for: $0)) } }
        #expect(Set(codes).count == 1)
    }

    @Test(arguments: vectors)
    func `Two pieces have the code of their concatenation`(vector: Vector) {
        let keyed = HMACSHA256(key: KeyMaterial(vector.key))
        for split in 0...vector.message.count {
            let code = vector.message.withUnsafeBytes { message in
                keyed.code(
                    for: UnsafeRawBufferPointer(rebasing: message[..<split]),
                    UnsafeRawBufferPointer(rebasing: message[split...]))
            }
            #expect(Hex.string(code).hasPrefix(vector.code))
        }
    }
}
