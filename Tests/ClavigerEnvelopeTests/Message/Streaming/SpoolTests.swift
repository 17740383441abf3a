import Testing

@testable import ClavigerEnvelope

@Suite struct SpoolTests {
    @Test(arguments: [true, false], [1, 15, 16, 17, 100, 5000, 1 << 20])
    func `What was spooled is read back, in pieces of any size and more than once`(isSecret: Bool, piece: Int) throws {
        let bytes = MessageVectors.sample(piece < 100 ? 1000 : 2_200_001)
        let spool = try Spool(MemorySource(bytes, piece: 999), isSecret: isSecret) { _ in }
        #expect(spool.length == UInt64(bytes.count))
        for _ in 0..<2 {
            var read: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: piece)
            while case let count = try buffer.withUnsafeMutableBytes({ try spool.fill($0) }), count > 0 {
                read += buffer[..<count]
            }
            #expect(read == bytes)
            try spool.rewind()
        }
    }

    @Test func `A secret does not lie in the file as it is`() throws {
        let bytes = MessageVectors.sample(100_000)
        let spool = try Spool(MemorySource(bytes), isSecret: true) { _ in }
        var stored = [UInt8](repeating: 0, count: bytes.count)
        let count = try stored.withUnsafeMutableBytes { try spool.storage.file.readSome(into: $0) }
        #expect(count == bytes.count)
        #expect(zip(stored, bytes).count { $0 == $1 } < bytes.count / 100)
    }

    @Test func `No more is read than the limit`() throws {
        let source = MemorySource(MessageVectors.sample(100))
        let spool = try Spool(source, isSecret: false, limit: 40) { _ in }
        #expect(spool.length == 40)
        #expect(try !source.isAtEnd())
    }
}
