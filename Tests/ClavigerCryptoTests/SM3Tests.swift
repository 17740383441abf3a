import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct SM3Tests {
    struct Vector: Sendable {
        let message: [UInt8]
        let hash: String
    }

    /// GB/T 32905-2016, the examples of appendix A.
    static let vectors = [
        // A.1
        Vector(
            message: Array("abc".utf8),
            hash: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        // A.2
        Vector(
            message: Array(String(repeating: "abcd", count: 16).utf8),
            hash: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ]

    @Test(arguments: vectors)
    func `The examples of the standard hold`(vector: Vector) {
        #expect(hash(vector.message) == vector.hash)
    }

    @Test(arguments: vectors)
    func `Pieces have the hash of their concatenation`(vector: Vector) {
        for split in 0...vector.message.count {
            let hash = vector.message.withUnsafeBytes { message in
                SM3.hash(
                    UnsafeRawBufferPointer(rebasing: message[..<split]),
                    UnsafeRawBufferPointer(rebasing: message[split...]))
            }
            #expect(Hex.string(hash) == vector.hash, "split at \(split)")
        }
    }

    @Test(arguments: vectors)
    func `A copy goes on from where the original was, and leaves it there`(vector: Vector) {
        let middle = vector.message.count / 2
        vector.message.withUnsafeBytes { message in
            let (first, second) = (message[..<middle], message[middle...])
            var original = SM3()
            original.update(UnsafeRawBufferPointer(rebasing: first))
            for _ in 0..<2 {
                var copy = original
                copy.update(UnsafeRawBufferPointer(rebasing: second))
                #expect(Hex.string(copy.finalize()) == vector.hash)
            }
            original.update(UnsafeRawBufferPointer(rebasing: second))
            #expect(Hex.string(original.finalize()) == vector.hash)
        }
    }

    @Test func `No pieces have the hash of nothing`() {
        #expect(Hex.string(SM3.hash()) == hash([]))
        // The value is OSCCA's, published with its implementation.
        #expect(hash([]) == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")
    }

    @Test func `The known answer holds`() {
        #expect(SM3.knownAnswerHolds())
    }

    @Test(.enabled(if: VectorFiles.nist != nil, "CLAVIGER_VECTORS_NIST names no folder"))
    func `The vectors of OSCCA hold`() throws {
        let url = try #require(VectorFiles.nist).appending(path: "hashes/SM3/oscca.txt")
        var (size, message, count) = (0, [UInt8](), 0)
        for line in try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " = ")
            guard !line.hasPrefix("#"), parts.count == 2 else { continue }
            switch parts[0] {
            case "Len": size = try #require(Int(parts[1])) / 8
            // The file writes an empty message as one byte.
            case "Msg": message = Array([UInt8](hex: parts[1]).prefix(size))
            case "MD":
                #expect(message.count == size)
                #expect(hash(message) == parts[1], "\(size) bytes")
                count += 1
            default: Issue.record("a line that the test does not know: \(line)")
            }
        }
        #expect(count == 6)
    }

    private func hash(_ message: [UInt8]) -> String {
        message.withUnsafeBytes { Hex.string(SM3.hash($0)) }
    }
}
