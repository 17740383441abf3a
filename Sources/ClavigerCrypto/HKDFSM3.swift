/// HKDF (RFC 5869) with SM3 (GB/T 32905-2016).
package enum HKDFSM3 {
    /// Derives `output.count` bytes, at most 8,160, from `material`.
    ///
    /// - Throws: ``CryptoError/malformed`` if more are asked for.
    package static func derive(
        from material: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        try HMACSM3.derive(from: material, salt: salt, info: info, into: output)
    }

    /// Whether the derivation gives what is known, for a self-test at start.
    package static func knownAnswerHolds() -> Bool {
        // The inputs are those of RFC 5869, appendix A.1. No standard gives an output for SM3; two independent
        // implementations gave this one.
        let expected = "c69fe91b7aaee2dd5718d72dcaee0cce93f1b8e41f792da51261b6a517e68b36ed2c595572b01dfa359b"
        do throws(CryptoError) {
            return try [UInt8](repeating: 0x0b, count: 22).withBytes { material throws(CryptoError) in
                try [UInt8](0x00...0x0c).withBytes { salt throws(CryptoError) in
                    try [UInt8](0xf0...0xf9).withBytes { info throws(CryptoError) in
                        try withTemporarySecret(42) { output throws(CryptoError) in
                            try derive(from: material, salt: salt, info: info, into: output)
                            return Hex.string(output) == expected
                        }
                    }
                }
            }
        } catch {
            return false
        }
    }
}
