import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct HKDFSHA256Tests {
    struct Vector: Sendable {
        let material: String
        let salt: String
        let info: String
        let output: String
    }

    /// RFC 5869, the test cases for SHA-256.
    static let vectors = [
        // Appendix A.1
        Vector(
            material: String(repeating: "0b", count: 22),
            salt: "000102030405060708090a0b0c",
            info: "f0f1f2f3f4f5f6f7f8f9",
            output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
        // Appendix A.2
        Vector(
            material: Hex.string(0x00...0x4f),
            salt: Hex.string(0x60...0xaf),
            info: Hex.string(0xb0...0xff),
            output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e"
                + "590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
        // Appendix A.3
        Vector(
            material: String(repeating: "0b", count: 22),
            salt: "",
            info: "",
            output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    ]

    @Test(arguments: vectors)
    func `The test cases of RFC 5869 hold`(vector: Vector) throws {
        let output = try derive(
            from: [UInt8](hex: vector.material), salt: [UInt8](hex: vector.salt), info: [UInt8](hex: vector.info),
            count: vector.output.utf8.count / 2)
        #expect(Hex.string(output) == vector.output)
    }

    @Test(arguments: 0...100)
    func `A shorter output is the beginning of a longer one`(count: Int) throws {
        let longest = try derive(from: [1], salt: [2], info: [3], count: 100)
        #expect(try derive(from: [1], salt: [2], info: [3], count: count) == Array(longest[..<count]))
    }

    @Test func `The output has at most 255 blocks`() throws {
        #expect(try derive(from: [1], salt: [2], info: [3], count: 8160).count == 8160)
        #expect(throws: CryptoError.malformed) { try derive(from: [1], salt: [2], info: [3], count: 8161) }
    }

    @Test(.enabled(if: VectorFiles.wycheproof != nil, "CLAVIGER_VECTORS_WYCHEPROOF names no folder"))
    func `Wycheproof's vectors hold`() throws {
        struct File: Decodable {
            struct Group: Decodable {
                let tests: [Test]
            }
            struct Test: Decodable {
                let tcId: Int
                let ikm, salt, info, okm, result: String
                let size: Int
            }
            let numberOfTests: Int
            let testGroups: [Group]
        }
        let url = try #require(VectorFiles.wycheproof).appending(path: "Protocol/wycheproof/hkdf_sha256_test.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        let tests = file.testGroups.flatMap(\.tests)
        #expect(tests.count == file.numberOfTests)
        for test in tests {
            let output = Result {
                try derive(
                    from: [UInt8](hex: test.ikm), salt: [UInt8](hex: test.salt), info: [UInt8](hex: test.info),
                    count: test.size)
            }
            .mapError { $0 as? CryptoError ?? .failed }
            let expected: Result<[UInt8], CryptoError> =
                test.result == "valid" ? .success([UInt8](hex: test.okm)) : .failure(.malformed)
            #expect(output == expected, "tcId \(test.tcId)")
        }
    }

    private func derive(from material: [UInt8], salt: [UInt8], info: [UInt8], count: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        try output.withUnsafeMutableBytes { output in
            try material.withUnsafeBytes { material in
                try salt.withUnsafeBytes { salt in
                    try info.withUnsafeBytes { info in
                        try HKDFSHA256.derive(from: material, salt: salt, info: info, into: output)
                    }
                }
            }
        }
        return output
    }
}
