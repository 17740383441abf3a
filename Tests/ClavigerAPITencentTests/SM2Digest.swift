import ClavigerCrypto
import Testing

/// What an SM2 signature covers, computed from the standard alone (GB/T 32918.2 sections 5.5 and 6.1).
enum SM2Digest {
    /// a, b and the base point of the curve (GB/T 32918.5 section 2).
    private static let curve =
        "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
        + "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
        + "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
        + "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"

    private static let userID = Array("1234567812345678".utf8)

    /// Z: SM3 over the id's length in bits, the id, the curve and the public key.
    ///
    /// - Parameter publicKey: x and y.
    static func identity(publicKey: [UInt8]) throws -> [UInt8] {
        let bits = 8 * userID.count
        var bytes = [UInt8(bits >> 8), UInt8(bits & 0xFF)]
        bytes += userID
        bytes += try decoded(curve)
        bytes += publicKey
        return try hash(bytes)
    }

    /// e: SM3 over Z and the message.
    static func make(_ message: [UInt8], publicKey: [UInt8]) throws -> [UInt8] {
        try hash(try identity(publicKey: publicKey) + message)
    }

    static func decoded(_ hexadecimal: String) throws -> [UInt8] {
        try #require(Hex.decode(Array(hexadecimal.utf8)))
    }

    private static func hash(_ bytes: [UInt8]) throws -> [UInt8] {
        bytes.withUnsafeBytes { SM3.hash($0).bytes }
    }
}
