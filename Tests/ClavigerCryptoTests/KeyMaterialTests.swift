import Testing

@testable import ClavigerCrypto

@Suite struct KeyMaterialTests {
    private static let secret = [UInt8]("a secret that nobody may see".utf8)

    @Test(arguments: [0, 1, 31, 32, 64, 65, 256, 257, 1024, 1025, 4096, 4097, 8192, 100_000])
    func `Material holds the bytes it was made of`(size: Int) {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let material = KeyMaterial(bytes)
        #expect(material.count == size)
        #expect(material.exposed == bytes)
        #expect(bytes.withUnsafeBytes { KeyMaterial(copying: $0) }.exposed == bytes)
    }

    @Test func `What is not filled is zero`() {
        let material = KeyMaterial(count: 40) { $0[3] = 7 }
        #expect(material.exposed == [0, 0, 0, 7] + [UInt8](repeating: 0, count: 36))
    }

    @Test func `Material is described by its size only`() {
        let material = KeyMaterial(Self.secret)
        var dumped = ""
        dump(["key": material], to: &dumped)
        #expect("\(material)" == "KeyMaterial(28 bytes)")
        #expect(String(describing: material) == "KeyMaterial(28 bytes)")
        #expect(String(reflecting: material) == "KeyMaterial(28 bytes)")
        #expect(String(describing: Optional(material)) == "Optional(KeyMaterial(28 bytes))")
        #expect(Mirror(reflecting: material).children.isEmpty)
        #expect(dumped.contains("KeyMaterial(28 bytes)"))
        #expect(!dumped.contains("secret") && !dumped.contains("0x") && !dumped.contains("97"))
    }

    @Test func `Material cannot be encoded`() {
        let material: Any = KeyMaterial(Self.secret)
        #expect(!(material is any Encodable))
    }

    @Test func `Material is equal to material of the same bytes`() {
        let material = KeyMaterial(Self.secret)
        #expect(material == KeyMaterial(Self.secret))
        #expect(material != KeyMaterial(Self.secret + [0]))
        #expect(material != KeyMaterial(Self.secret.dropLast()))
        #expect(KeyMaterial([UInt8]()) == KeyMaterial([UInt8]()))
        for bit in 0..<Self.secret.count * 8 { #expect(material != KeyMaterial(Self.secret.flipping(bit: bit))) }
    }

    @Test func `Memory is compared whole, nothing with nothing too`() {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(constantTimeEqual(none, none))
        Self.secret.withUnsafeBytes { secret in
            #expect(constantTimeEqual(secret, secret))
            #expect(!constantTimeEqual(secret, none))
            #expect(constantTimeEqual(UnsafeRawBufferPointer(rebasing: secret[..<0]), none))
        }
    }
}
