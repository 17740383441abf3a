import Testing

@testable import ClavigerCrypto

@Suite struct RandomSourceTests {
    @Test func `Bytes of every size are filled to the end and no further`() {
        let source = RandomSource()
        for size in 0...5000 {
            var target = [UInt8](repeating: 0, count: size + 8)
            target.withUnsafeMutableBytes { source.fill(UnsafeMutableRawBufferPointer(rebasing: $0[..<size])) }
            if target[size...] != [0, 0, 0, 0, 0, 0, 0, 0] { Issue.record("written past \(size) bytes") }
            // The chance that sixteen random bytes are all zero is 2^-128.
            if size >= 16, target[size - 16..<size].allSatisfy({ $0 == 0 }) {
                Issue.record("\(size) bytes are not filled")
            }
        }
    }

    @Test(arguments: [0, 1, 16, 1024, 1025, 5000])
    func `Arrays and material have the size that was asked for`(size: Int) {
        let source = RandomSource()
        #expect(source.bytes(size).count == size)
        #expect(source.material(size).count == size)
    }

    @Test(arguments: [8, 12, 32, 1000, 1024, 1025])
    func `Nothing is handed out twice`(size: Int) {
        let source = RandomSource()
        let drawn = (0..<2000).map { _ in source.bytes(size) }
        #expect(Set(drawn).count == drawn.count)
        let material = (0..<200).map { _ in source.material(size).exposed }
        #expect(Set(material).count == material.count)
    }

    /// Two draws from one block would share bytes wherever they overlap, so every aligned piece must be new.
    @Test func `Concurrent use hands out nothing twice`() async {
        let source = RandomSource()
        let pieces = await withTaskGroup(of: [ArraySlice<UInt8>].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<1000).flatMap { _ in
                        let bytes = source.bytes(32)
                        return [bytes[..<16], bytes[16...]]
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(pieces.count == 16_000)
        #expect(Set(pieces).count == pieces.count)
    }

    @Test func `Two sources differ`() {
        #expect(RandomSource().bytes(32) != RandomSource().bytes(32))
    }

    @Test func `Every bit is sometimes one and sometimes zero`() {
        let source = RandomSource()
        var ones: UInt64 = 0
        var zeros: UInt64 = 0
        for _ in 0..<200 {
            let value: UInt64 = source.bytes(8).bigEndian(at: 0)
            ones |= value
            zeros |= ~value
        }
        #expect(ones == .max && zeros == .max)
    }

    @Test func `A UUID has version 4 and the variant of RFC 9562`() {
        let source = RandomSource()
        let identifiers = (0..<1000).map { _ in source.uuid() }
        for identifier in identifiers {
            // Octet 6 holds the version, octet 8 the variant (RFC 9562 sections 4.1 and 4.2).
            let octets = (0..<16).map { UInt8(truncatingIfNeeded: identifier >> (120 - 8 * $0)) }
            if octets[6] >> 4 != 4 || octets[8] >> 6 != 0b10 { Issue.record("\(Hex.string(octets))") }
        }
        #expect(Set(identifiers).count == identifiers.count)
        let ones = identifiers.reduce(0, |)
        let zeros = identifiers.reduce(0) { $0 | ~$1 }
        // The six fixed bits: 0100 and 10.
        #expect(ones == ~(UInt128(0b1011) << 76 | UInt128(0b01) << 62))
        #expect(zeros == ~(UInt128(0b0100) << 76 | UInt128(0b10) << 62))
    }
}
