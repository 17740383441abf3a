import Testing

@testable import ClavigerCrypto

@Suite struct HKDFSM3Tests {
    struct Vector: Sendable {
        let material: [UInt8]
        let salt: [UInt8]
        let info: [UInt8]
        let output: String
    }

    /// The inputs of RFC 5869; no standard has outputs for SM3. These were made twice, with the HKDF of the PyPI package
    /// `cryptography` and with the HMAC of Python's own library.
    static let vectors = [
        // Appendix A.1
        Vector(
            material: Array(repeating: 0x0b, count: 22),
            salt: Array(0x00...0x0c),
            info: Array(0xf0...0xf9),
            output: "c69fe91b7aaee2dd5718d72dcaee0cce93f1b8e41f792da51261b6a517e68b36ed2c595572b01dfa359b"),
        // Appendix A.2
        Vector(
            material: Array(0x00...0x4f),
            salt: Array(0x60...0xaf),
            info: Array(0xb0...0xff),
            output: "c1226236bbdefa7921f9febe27b864f33e449201b436d8844ea53f58170dd6426defbd22ed1f3c5960f35523e6"
                + "2e3b6c0d657f2c61893436f539013199bfaef25aafd1e7726ede927623a9f5cbb8885c7e5d"),
        // Appendix A.3
        Vector(
            material: Array(repeating: 0x0b, count: 22),
            salt: [],
            info: [],
            output: "c8c91a38ae2fb3b023a7c38ce9f0748f28230d59b6b950ba3ba949bf0d713a5774815778801741cb2034"),
    ]

    @Test(arguments: vectors)
    func `Outputs agree with other implementations`(vector: Vector) throws {
        let output = try derive(
            from: vector.material, salt: vector.salt, info: vector.info, count: vector.output.utf8.count / 2)
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

    @Test func `The known answer holds`() {
        #expect(HKDFSM3.knownAnswerHolds())
    }

    private func derive(from material: [UInt8], salt: [UInt8], info: [UInt8], count: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        try output.withUnsafeMutableBytes { output in
            try material.withUnsafeBytes { material in
                try salt.withUnsafeBytes { salt in
                    try info.withUnsafeBytes { info in
                        try HKDFSM3.derive(from: material, salt: salt, info: info, into: output)
                    }
                }
            }
        }
        return output
    }
}
