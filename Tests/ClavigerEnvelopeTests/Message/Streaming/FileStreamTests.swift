import ClavigerEnvelope
import Foundation
import Testing

@Suite struct FileStreamTests {
    /// A file that is gone with its value.
    private final class ScratchFile {
        let path: String
        let descriptor: Int32

        init(_ bytes: [UInt8] = []) throws {
            path = NSTemporaryDirectory() + "/claviger-stream-\(UUID().uuidString)"
            try Data(bytes).write(to: URL(filePath: path))
            descriptor = open(path, O_RDWR)
        }

        var bytes: [UInt8] {
            get throws { Array(try Data(contentsOf: URL(filePath: path))) }
        }

        deinit {
            close(descriptor)
            unlink(path)
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `Files are encrypted and decrypted`(algorithm: EnvelopeAlgorithm) throws {
        let plaintext = MessageVectors.sample(2_500_000)
        let plain = try ScratchFile(plaintext)
        let sealed = try ScratchFile()
        let opened = try ScratchFile()
        try StreamSample.encrypt(
            FileSource(descriptor: plain.descriptor), algorithm, blockLength: 10_000,
            into: FileSink(descriptor: sealed.descriptor))
        #expect(try sealed.bytes == SealedSample(algorithm, blockLength: 10_000, plaintext).message)
        lseek(sealed.descriptor, 0, SEEK_SET)
        try StreamSample.decrypt(
            FileSource(descriptor: sealed.descriptor), into: FileSink(descriptor: opened.descriptor))
        #expect(try opened.bytes == plaintext)
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4GCM, .sm4CTRWithSignature])
    func `Pipes are encrypted and decrypted`(algorithm: EnvelopeAlgorithm) async throws {
        let plaintext = MessageVectors.sample(2_500_000)
        let message = try SealedSample(algorithm, blockLength: 10_000, plaintext).message
        let sealed = MemorySink()
        try await pipe(plaintext) { source in
            try StreamSample.encrypt(source, algorithm, blockLength: 10_000, into: sealed)
        }
        #expect(sealed.bytes == message)
        let opened = MemorySink()
        try await pipe(message) { source in try StreamSample.decrypt(source, into: opened) }
        #expect(opened.bytes == plaintext)
    }

    @Test func `A file begins where it stands`() throws {
        let file = try ScratchFile(Array(0..<100))
        lseek(file.descriptor, 30, SEEK_SET)
        let source = FileSource(descriptor: file.descriptor)
        #expect(source.length == 70)
        #expect(source.canRewind)
        var buffer = [UInt8](repeating: 0, count: 10)
        for _ in 0..<2 {
            #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0) } == 10)
            #expect(buffer == Array(30..<40))
            try source.rewind()
        }
        lseek(file.descriptor, 200, SEEK_SET)
        #expect(FileSource(descriptor: file.descriptor).length == 0)
    }

    @Test func `A pipe has no length and does not go back`() throws {
        var ends: [Int32] = [0, 0]
        #expect(Foundation.pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let source = FileSource(descriptor: ends[0])
        #expect(source.length == nil)
        #expect(!source.canRewind)
        #expect(throws: EnvelopeError.self) { try source.rewind() }
    }

    @Test func `A file of the kernel that says it is empty is read`() throws {
        let descriptor = open("/proc/self/status", O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let prepared = try PreparedSource.prepare(FileSource(descriptor: descriptor))
        #expect(prepared.length > 0)
    }

    @Test func `What the system refuses is an error of input and output`() throws {
        let file = try ScratchFile([1])
        let descriptor = open(file.path, O_RDONLY)
        defer { close(descriptor) }
        var byte: [UInt8] = [0]
        let writing = #expect(throws: EnvelopeError.self) {
            try byte.withUnsafeBytes { try FileSink(descriptor: descriptor).write($0) }
        }
        #expect(writing?.code == .inputOutput)
        let reading = #expect(throws: EnvelopeError.self) {
            try byte.withUnsafeMutableBytes { _ = try FileSource(descriptor: -1).read(into: $0) }
        }
        #expect(reading?.code == .inputOutput)
    }

    @Test func `A pipe that does not block is waited for`() async throws {
        let bytes = MessageVectors.sample(300_000)
        let sink = MemorySink()
        try await pipe(bytes, isNonblocking: true) { source in
            try StreamSample.encrypt(source, length: 300_000, .sm4CTR, into: sink)
        }
        #expect(sink.bytes == (try SealedSample(.sm4CTR, bytes).message))
    }

    /// Gives `body` a pipe into which `bytes` are written meanwhile.
    private func pipe(
        _ bytes: [UInt8], isNonblocking: Bool = false, _ body: (FileSource) throws -> Void
    ) async throws {
        var ends: [Int32] = [0, 0]
        #expect(Foundation.pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        if isNonblocking {
            for end in ends { #expect(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        }
        let thread = Thread {
            defer { close(writer) }
            // The other end may be closed by then; what was read tells.
            try? bytes.withUnsafeBytes { try FileSink(descriptor: writer).write($0) }
        }
        thread.start()
        defer { close(reader) }
        try body(FileSource(descriptor: reader))
    }
}
