import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct AES256GCMTests {
    private static let key = [UInt8](0..<32)
    private static let iv = [UInt8](100..<112)
    private static let header = [UInt8]("header".utf8)

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 255, 4096, 100_000])
    func `What was sealed opens`(size: Int) throws {
        let plaintext = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let (ciphertext, tag) = try AES256GCM.seal(
            plaintext, key: Self.key, iv: Self.iv, authenticating: Self.header)
        let opened = try AES256GCM.open(ciphertext, key: Self.key, iv: Self.iv, authenticating: Self.header, tag: tag)
        #expect(opened == plaintext)
    }

    @Test(arguments: 0...40)
    func `Two pieces of associated data count as their concatenation`(split: Int) throws {
        let data = [UInt8](0..<40)
        let whole = try AES256GCM.seal([1, 2, 3], key: Self.key, iv: Self.iv, authenticating: data)
        let pieces = try AES256GCM.seal(
            [1, 2, 3], key: Self.key, iv: Self.iv, authenticating: Array(data[..<split]), Array(data[split...]))
        #expect(whole == pieces)
        let opened = try AES256GCM.open(
            pieces.ciphertext, key: Self.key, iv: Self.iv, authenticating: Array(data[..<split]),
            Array(data[split...]), tag: pieces.tag)
        #expect(opened == [1, 2, 3])
    }

    @Test func `No bit of an input can change`() throws {
        let (ciphertext, tag) = try AES256GCM.seal(
            [1, 2, 3], key: Self.key, iv: Self.iv, authenticating: Self.header)
        let inputs = [ciphertext, Self.key, Self.iv, Self.header, tag]
        for (which, input) in inputs.enumerated() {
            for bit in 0..<input.count * 8 {
                var changed = inputs
                changed[which] = input.flipping(bit: bit)
                #expect(throws: CryptoError.notAuthentic, "input \(which), bit \(bit)") {
                    try AES256GCM.open(
                        changed[0], key: changed[1], iv: changed[2], authenticating: changed[3], tag: changed[4])
                }
            }
        }
    }

    @Test(arguments: [1, 16, 1000])
    func `A refused plaintext is wiped`(size: Int) throws {
        let plaintext = [UInt8](repeating: 7, count: size)
        let (ciphertext, tag) = try AES256GCM.seal(
            plaintext, key: Self.key, iv: Self.iv, authenticating: Self.header)
        var target = [UInt8](repeating: 0xAA, count: size)
        #expect(throws: CryptoError.notAuthentic) {
            try AES256GCM.open(
                ciphertext, key: Self.key, iv: Self.iv, authenticating: Self.header, tag: tag.flipping(bit: 0),
                into: &target)
        }
        #expect(target == [UInt8](repeating: 0, count: size))
    }

    @Test(.enabled(if: VectorFiles.nist != nil, "CLAVIGER_VECTORS_NIST names no folder"))
    func `Encryption agrees with NIST's vectors`() throws {
        let vectors = try NISTVector.read("gcmEncryptExtIV256.rsp")
        for vector in vectors {
            let (ciphertext, tag) = try AES256GCM.seal(
                vector["PT"], key: vector["Key"], iv: vector["IV"], authenticating: vector["AAD"])
            #expect(ciphertext == vector["CT"] && tag == vector["Tag"], "\(vector.name)")
        }
        #expect(vectors.count == 375)
    }

    @Test(.enabled(if: VectorFiles.nist != nil, "CLAVIGER_VECTORS_NIST names no folder"))
    func `Decryption agrees with NIST's vectors`() throws {
        let vectors = try NISTVector.read("gcmDecrypt256.rsp")
        for vector in vectors {
            let opened = Result {
                try AES256GCM.open(
                    vector["CT"], key: vector["Key"], iv: vector["IV"], authenticating: vector["AAD"],
                    tag: vector["Tag"])
            }
            .mapError { $0 as? CryptoError ?? .failed }
            #expect(opened == (vector.fails ? .failure(.notAuthentic) : .success(vector["PT"])), "\(vector.name)")
        }
        #expect(vectors.count == 375)
        #expect(vectors.count(where: \.fails) > 0)
    }

    @Test(.enabled(if: VectorFiles.wycheproof != nil, "CLAVIGER_VECTORS_WYCHEPROOF names no folder"))
    func `Wycheproof's vectors hold`() throws {
        struct File: Decodable {
            let testGroups: [Group]
        }
        struct Group: Decodable {
            let ivSize: Int
            let keySize: Int
            let tagSize: Int
            let tests: [Vector]
        }
        struct Vector: Decodable {
            let tcId: Int
            let key, iv, aad, msg, ct, tag, result: String
        }
        let url = try #require(VectorFiles.wycheproof).appending(path: "Cipher/wycheproof/aes_gcm_test.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        let groups = file.testGroups.filter { $0.keySize == 256 && $0.ivSize == 96 && $0.tagSize == 128 }
        let vectors = groups.flatMap(\.tests)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let (key, iv, aad) = ([UInt8](hex: vector.key), [UInt8](hex: vector.iv), [UInt8](hex: vector.aad))
            let (message, sealed, tag) = ([UInt8](hex: vector.msg), [UInt8](hex: vector.ct), [UInt8](hex: vector.tag))
            if vector.result == "valid" {
                let (ciphertext, made) = try AES256GCM.seal(message, key: key, iv: iv, authenticating: aad)
                #expect(ciphertext == sealed && made == tag, "tcId \(vector.tcId)")
                let opened = try AES256GCM.open(sealed, key: key, iv: iv, authenticating: aad, tag: tag)
                #expect(opened == message, "tcId \(vector.tcId)")
            } else {
                #expect(throws: CryptoError.notAuthentic, "tcId \(vector.tcId)") {
                    try AES256GCM.open(sealed, key: key, iv: iv, authenticating: aad, tag: tag)
                }
            }
        }
    }
}

/// One vector of a response file of NIST's CAVP.
///
/// In the file it is a `Count` line and `Name = hex` lines, with `FAIL` in place of a plaintext if it must be refused.
private struct NISTVector {
    let name: String
    private(set) var fails = false
    private var values: [Substring: [UInt8]] = [:]

    subscript(name: Substring) -> [UInt8] { values[name] ?? [] }

    private init(name: String) { self.name = name }

    /// The vectors of a file that have IVs of 96 bits and tags of 128 bits.
    static func read(_ file: String) throws -> [NISTVector] {
        let url = try #require(VectorFiles.nist).appending(path: "ciphers/AES/GCM/\(file)")
        let text = try String(contentsOf: url, encoding: .utf8)
        var vectors: [NISTVector] = []
        var sizes: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.trimmingPrefix("[").split(separator: "=", maxSplits: 1)
            let name = String(parts[0]).trimmingCharacters(in: .whitespaces)[...]
            let value = parts.count < 2 ? "" : String(parts[1]).trimmingCharacters(in: .whitespaces)[...]
            if line.hasPrefix("[") {
                sizes[name] = value.dropLast()
            } else if name == "Count" {
                vectors.append(NISTVector(name: "\(sizes) \(line)"))
            } else if name == "FAIL" {
                vectors[vectors.count - 1].fails = true
            } else if ["Key", "IV", "PT", "AAD", "CT", "Tag"].contains(name) {
                vectors[vectors.count - 1].values[name] = [UInt8](hex: value)
            }
        }
        return vectors.filter { $0["IV"].count == AES256GCM.ivSize && $0["Tag"].count == AES256GCM.tagSize }
    }
}
