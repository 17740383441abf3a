import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct SM4GCMTests {
    private static let key = [UInt8](0..<16)
    private static let iv = [UInt8](100..<112)
    private static let header = [UInt8]("header".utf8)

    // MARK: published vectors

    /// RFC 8998, appendix A.1.
    @Test func `The example of RFC 8998 holds`() throws {
        let plaintext = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa].flatMap { [UInt8](repeating: $0, count: 8) }
        let key = [UInt8](hex: "0123456789ABCDEFFEDCBA9876543210")
        let iv = [UInt8](hex: "00001234567800000000ABCD")
        let header = [UInt8](hex: "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
        let (ciphertext, tag) = SM4GCM.seal(plaintext, key: key, iv: iv, authenticating: header)
        #expect(
            Hex.string(ciphertext)
                == "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
                + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d")
        #expect(Hex.string(tag) == "83de3541e4c2b58177e065a9bf7b62ec")
        #expect(try SM4GCM.open(ciphertext, key: key, iv: iv, authenticating: header, tag: tag) == plaintext)
    }

    @Test(.enabled(if: VectorFiles.nist != nil, "CLAVIGER_VECTORS_NIST names no folder"))
    func `The file of RFC 8998's example holds`() throws {
        let vectors = try read("rfc8998.txt")
        #expect(vectors.count == 1)
        for vector in vectors {
            let values = try ["KEY", "IV", "AAD", "PLAINTEXT"].map { try #require(vector[$0]) }
            let sealed = SM4GCM.seal(values[3], key: values[0], iv: values[1], authenticating: values[2])
            #expect(sealed.ciphertext == vector["CIPHERTEXT"] && sealed.tag == vector["TAG"])
        }
    }

    @Test(.enabled(if: VectorFiles.shared != nil, "CLAVIGER_VECTORS_SHARED names no folder"))
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
        let url = try #require(VectorFiles.shared).appending(path: "wycheproof/sm4_gcm_test.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        let groups = file.testGroups.filter { $0.keySize == 128 && $0.ivSize == 96 && $0.tagSize == 128 }
        let vectors = groups.flatMap(\.tests)
        #expect(vectors.count == 65)
        for vector in vectors {
            let (key, iv, aad) = ([UInt8](hex: vector.key), [UInt8](hex: vector.iv), [UInt8](hex: vector.aad))
            let (message, sealed, tag) = ([UInt8](hex: vector.msg), [UInt8](hex: vector.ct), [UInt8](hex: vector.tag))
            if vector.result == "valid" {
                let (ciphertext, made) = SM4GCM.seal(message, key: key, iv: iv, authenticating: aad)
                #expect(ciphertext == sealed && made == tag, "tcId \(vector.tcId)")
                let opened = try SM4GCM.open(sealed, key: key, iv: iv, authenticating: aad, tag: tag)
                #expect(opened == message, "tcId \(vector.tcId)")
            } else {
                #expect(throws: CryptoError.notAuthentic, "tcId \(vector.tcId)") {
                    try SM4GCM.open(sealed, key: key, iv: iv, authenticating: aad, tag: tag)
                }
            }
        }
    }

    @Test func `The known answer holds`() {
        #expect(SM4GCM.knownAnswerHolds())
    }

    // MARK: agreement with another implementation

    /// GB/T 32907-2016, appendix A.1.
    @Test func `The block cipher of the other implementation is SM4`() {
        let block = [UInt8](hex: "0123456789abcdeffedcba9876543210")
        #expect(Hex.string(SM4Reference(key: block).encrypt(block)) == "681edf34d206965e86b3e94f536e4246")
    }

    @Test(.enabled(if: VectorFiles.nist != nil, "CLAVIGER_VECTORS_NIST names no folder"))
    func `The block cipher of the other implementation agrees with the SM4 draft's file`() throws {
        let vectors = try read("draft-ribose-cfrg-sm4-10-ecb.txt")
        #expect(vectors.count == 4)
        for vector in vectors {
            let (key, plaintext) = (try #require(vector["KEY"]), try #require(vector["PLAINTEXT"]))
            #expect(SM4Reference(key: key).encrypt(plaintext) == vector["CIPHERTEXT"])
        }
    }

    @Test(arguments: Array(0...300) + [511, 512, 513, 1024, 4095, 4096, 10_001])
    func `Another implementation gives the same for random inputs`(size: Int) throws {
        var random = SystemRandomNumberGenerator()
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in random.next() } }
        let (key, iv, header, plaintext) = (bytes(16), bytes(12), bytes((size * 7) % 301), bytes(size))
        let sealed = SM4GCM.seal(plaintext, key: key, iv: iv, authenticating: header)
        let expected = SM4Reference(key: key).seal(plaintext, iv: iv, authenticating: header)
        #expect(sealed == expected, "key \(key), iv \(iv), header \(header), plaintext \(plaintext)")
        let opened = try SM4GCM.open(
            expected.ciphertext, key: key, iv: iv, authenticating: header, tag: expected.tag)
        #expect(opened == plaintext)
    }

    // MARK: use

    @Test(arguments: 0...40)
    func `Two pieces of associated data count as their concatenation`(split: Int) throws {
        let data = [UInt8](0..<40)
        let whole = SM4GCM.seal([1, 2, 3], key: Self.key, iv: Self.iv, authenticating: data)
        let pieces = SM4GCM.seal(
            [1, 2, 3], key: Self.key, iv: Self.iv, authenticating: Array(data[..<split]), Array(data[split...]))
        #expect(whole == pieces)
        let opened = try SM4GCM.open(
            pieces.ciphertext, key: Self.key, iv: Self.iv, authenticating: Array(data[..<split]),
            Array(data[split...]), tag: pieces.tag)
        #expect(opened == [1, 2, 3])
    }

    @Test(arguments: [0, 1, 16, 100, 4096])
    func `The same memory may hold plaintext and ciphertext`(size: Int) throws {
        let plaintext = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let apart = SM4GCM.seal(plaintext, key: Self.key, iv: Self.iv, authenticating: Self.header)
        var (text, tag) = (plaintext, [UInt8](repeating: 0, count: 16))
        try Self.key.withUnsafeBytes { key in
            try Self.iv.withUnsafeBytes { iv in
                try Self.header.withUnsafeBytes { header in
                    text.withUnsafeMutableBytes { text in
                        tag.withUnsafeMutableBytes { tag in
                            SM4GCM.seal(
                                UnsafeRawBufferPointer(text), key: key, iv: iv, authenticating: header, into: text,
                                tag: tag)
                        }
                    }
                    #expect(text == apart.ciphertext && tag == apart.tag)
                    try text.withUnsafeMutableBytes { text in
                        try tag.withUnsafeBytes { tag in
                            try SM4GCM.open(
                                UnsafeRawBufferPointer(text), key: key, iv: iv, authenticating: header, tag: tag,
                                into: text)
                        }
                    }
                    #expect(text == plaintext)
                }
            }
        }
    }

    @Test func `Threads do not disturb one another`() async {
        let expected = SM4GCM.seal(Self.header, key: Self.key, iv: Self.iv, authenticating: [])
        let agree = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<500 {
                        let other = [UInt8](repeating: UInt8(truncatingIfNeeded: task &+ round), count: 16)
                        _ = SM4GCM.seal(Self.header, key: other, iv: Self.iv, authenticating: other)
                        let sealed = SM4GCM.seal(Self.header, key: Self.key, iv: Self.iv, authenticating: [])
                        guard sealed == expected else { return false }
                    }
                    return true
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(agree)
    }

    // MARK: refusals

    @Test func `No bit of an input can change`() throws {
        let (ciphertext, tag) = SM4GCM.seal(
            [1, 2, 3], key: Self.key, iv: Self.iv, authenticating: Self.header)
        let inputs = [ciphertext, Self.key, Self.iv, Self.header, tag]
        for (which, input) in inputs.enumerated() {
            for bit in 0..<input.count * 8 {
                var changed = inputs
                changed[which] = input.flipping(bit: bit)
                #expect(throws: CryptoError.notAuthentic, "input \(which), bit \(bit)") {
                    try SM4GCM.open(
                        changed[0], key: changed[1], iv: changed[2], authenticating: changed[3], tag: changed[4])
                }
            }
        }
    }

    @Test(arguments: [1, 16, 1000])
    func `What is refused is not decrypted`(size: Int) {
        let plaintext = [UInt8](repeating: 7, count: size)
        let (ciphertext, tag) = SM4GCM.seal(
            plaintext, key: Self.key, iv: Self.iv, authenticating: Self.header)
        var target = [UInt8](repeating: 0xAA, count: size)
        #expect(throws: CryptoError.notAuthentic) {
            try SM4GCM.open(
                ciphertext, key: Self.key, iv: Self.iv, authenticating: Self.header, tag: tag.flipping(bit: 0),
                into: &target)
        }
        #expect(target == [UInt8](repeating: 0xAA, count: size))
    }

    /// The vectors of a file about SM4 in the folder of NIST's: `NAME = hex` lines, where `COUNT` starts one.
    private func read(_ file: String) throws -> [[String: [UInt8]]] {
        let url = try #require(VectorFiles.nist).appending(path: "ciphers/SM4/\(file)")
        var vectors: [[String: [UInt8]]] = []
        for line in try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " = ")
            guard parts.count == 2, !line.hasPrefix("#") else { continue }
            if parts[0] == "COUNT" {
                vectors.append([:])
            } else {
                vectors[vectors.count - 1][String(parts[0])] = [UInt8](hex: parts[1])
            }
        }
        return vectors
    }
}
