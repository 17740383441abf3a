import ClavigerCrypto

/// Bytes that stand for a plaintext, a message or material in tests.
package enum SampleBytes {
    /// - Parameter start: which bytes; those of one start are always the same.
    package static func make(_ count: Int, start: Int = 1) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + start) }
    }

    package static func base64(_ count: Int, start: Int = 1) -> String { Base64.string(make(count, start: start)) }
}
