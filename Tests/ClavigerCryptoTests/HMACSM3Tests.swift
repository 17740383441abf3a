import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct HMACSM3Tests {
    struct Vector: Sendable {
        let key: String
        let message: String
        let code: String
    }

    /// Wycheproof's hmac_sm3_test.json.
    static let vectors = [
        // tcId 1
        Vector(
            key: "1e225cafb90339bba1b24076d4206c3e79c355805d851682bc818baa4f5a7779",
            message: "",
            code: "f9938b1b2515117f25dcd636c9a6a0e7f00bccaf5347e0e0df435cfca736cfc1"),
        // tcId 2
        Vector(
            key: "8159fd15133cd964c9a6964c94f0ea269a806fd9f43f0da58b6cd1b33d189b2a",
            message: "77",
            code: "51aaf64843b6d2fc7a244ab9cda9b7b57164ce6a865f9808c01931b46195411d"),
        // tcId 3
        Vector(
            key: "85a7cbaae825bb82c9b6f6c5c2af5ac03d1f6daa63d2a93c189948ec41b9ded9",
            message: "a59b",
            code: "108e4785c23e3084bc62a1f7e6812931daa97168b4fc20a0357c53e5bcbf2513"),
    ]

    @Test(arguments: vectors)
    func `Published codes hold`(vector: Vector) {
        #expect(code([UInt8](hex: vector.key), [UInt8](hex: vector.message)) == vector.code)
    }

    @Test(arguments: vectors)
    func `A keyed state gives the same code every time`(vector: Vector) {
        let keyed = [UInt8](hex: vector.key).withUnsafeBytes { HMACSM3(key: $0) }
        for _ in 0..<3 {
            let code = [UInt8](hex: vector.message).withUnsafeBytes { keyed.code(for: $0) }
            #expect(Hex.string(code) == vector.code)
        }
    }

    @Test func `Two pieces have the code of their concatenation`() {
        let message = [UInt8](0..<200)
        let whole = code([1, 2, 3], message)
        [UInt8]([1, 2, 3]).withUnsafeBytes { key in
            let keyed = HMACSM3(key: key)
            for split in 0...message.count {
                let pieces = message.withUnsafeBytes { message in
                    keyed.code(
                        for: UnsafeRawBufferPointer(rebasing: message[..<split]),
                        UnsafeRawBufferPointer(rebasing: message[split...]))
                }
                #expect(Hex.string(pieces) == whole, "split at \(split)")
            }
        }
    }

    /// RFC 2104, section 2.
    @Test(arguments: [0, 1, 32, 63, 64])
    func `A key counts as if zeros filled its block`(size: Int) {
        let key = [UInt8](repeating: 7, count: size)
        #expect(code(key, [1, 2, 3]) == code(key + [UInt8](repeating: 0, count: 64 - size), [1, 2, 3]))
    }

    /// RFC 2104, section 2.
    @Test(arguments: [65, 100, 1000])
    func `A key longer than a block counts as its hash`(size: Int) {
        let key = [UInt8](repeating: 7, count: size)
        let hash = key.withUnsafeBytes { SM3.hash($0).bytes }
        #expect(code(key, [1, 2, 3]) == code(hash, [1, 2, 3]))
    }

    @Test func `The known answer holds`() {
        #expect(HMACSM3.knownAnswerHolds())
    }

    @Test(.enabled(if: VectorFiles.shared != nil, "CLAVIGER_VECTORS_SHARED names no folder"))
    func `Wycheproof's vectors hold`() throws {
        struct File: Decodable {
            struct Group: Decodable {
                let tagSize: Int
                let tests: [Test]
            }
            struct Test: Decodable {
                let tcId: Int
                let key, msg, tag, result: String
            }
            let numberOfTests: Int
            let testGroups: [Group]
        }
        let url = try #require(VectorFiles.shared).appending(path: "wycheproof/hmac_sm3_test.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        #expect(file.testGroups.map(\.tests.count).reduce(0, +) == file.numberOfTests)
        for group in file.testGroups {
            for test in group.tests {
                let code = code([UInt8](hex: test.key), [UInt8](hex: test.msg)).prefix(group.tagSize / 4)
                #expect((code == test.tag) == (test.result == "valid"), "tcId \(test.tcId)")
            }
        }
        #expect(file.numberOfTests == 174)
    }

    private func code(_ key: [UInt8], _ message: [UInt8]) -> String {
        key.withUnsafeBytes { key in
            message.withUnsafeBytes { Hex.string(HMACSM3(key: key).code(for: $0)) }
        }
    }
}
