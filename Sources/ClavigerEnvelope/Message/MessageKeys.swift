internal import ClavigerCrypto

/// The keys of one message, derived from its data key and its id: HKDF-SM3 (RFC 5869) with the id as salt and, as info,
/// `claviger-enc-sdk v1` and one byte with the number of the algorithm.
///
/// Each message has its own even when the data key is used again, so that no nonce budget runs out and no two algorithms share a key.
struct MessageKeys: Sendable {
    static let dataKeySize = 16
    private static let info = Array("claviger-enc-sdk v1".utf8)

    /// 16 bytes to encrypt with, 16 to make IVs with, 32 to sign with.
    private let material: KeyMaterial

    /// - Throws: ``EnvelopeError/Code/wrongDataKeySize`` if the data key has not 16 bytes.
    init(dataKey: KeyMaterial, messageID: [UInt8], algorithm: EnvelopeAlgorithm) throws(EnvelopeError) {
        guard dataKey.count == Self.dataKeySize else {
            throw EnvelopeError(.wrongDataKeySize, "the data key has \(dataKey.count) bytes, not 16")
        }
        do throws(CryptoError) {
            material = try KeyMaterial(count: 64) { output throws(CryptoError) in
                try dataKey.withUnsafeBytes { dataKey throws(CryptoError) in
                    try messageID.withBytes { salt throws(CryptoError) in
                        try (Self.info + [algorithm.rawValue]).withBytes { info throws(CryptoError) in
                            try HKDFSM3.derive(from: dataKey, salt: salt, info: info, into: output)
                        }
                    }
                }
            }
        } catch {
            // HKDF gives up to 8,160 bytes.
            throw EnvelopeError(.invalidArgument, "the keys of the message cannot be derived")
        }
    }

    func withEncryptionKey<Result: ~Copyable>(_ make: (UnsafeRawBufferPointer) -> Result) -> Result {
        material.making(from: 0..<16, make)
    }

    func withIVKey<Result: ~Copyable>(_ make: (UnsafeRawBufferPointer) -> Result) -> Result {
        material.making(from: 16..<32, make)
    }

    /// What makes the signature of a message that comes in pieces. Whoever has one finalizes or wipes it.
    func signing() -> HMACSM3.Stream {
        var key = material.making(from: 32..<64) { HMACSM3(key: $0) }
        defer { key.wipe() }
        return HMACSM3.Stream(key)
    }
}
