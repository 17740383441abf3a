import ClavigerCore
import ClavigerCrypto

extension HuaweiValues {
    /// Bytes in base64.
    ///
    /// - Parameters:
    ///   - sizes: how many bytes there can be.
    ///   - code: what is wrong if it is something else.
    func base64(
        _ name: StaticString, _ sizes: ClosedRange<Int>, else code: HuaweiCode = .invalidParameter
    ) throws(KMSError) -> [UInt8] {
        let text = try bytes(name, else: code) ?? []
        // Before it is decoded, so that no more is than can be meant.
        if text.count <= Base64.encodedCount(sizes.upperBound), let bytes = try? Base64.decode(text),
            sizes.contains(bytes.count)
        {
            return bytes
        }
        throw KMSError(code, "\(name) is base64 of \(sizes.lowerBound) to \(sizes.upperBound) bytes")
    }
}
