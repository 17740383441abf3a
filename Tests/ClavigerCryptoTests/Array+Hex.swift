@testable import ClavigerCrypto

extension [UInt8] {
    /// The bytes of hexadecimal text in a test vector.
    init(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex.utf8) else { preconditionFailure("a vector is not hexadecimal: \(hex)") }
        self = bytes
    }

    /// The bytes with one bit inverted.
    func flipping(bit: Int) -> [UInt8] {
        var copy = self
        copy[bit / 8] ^= 1 << (bit % 8)
        return copy
    }
}

extension KeyMaterial {
    /// The secret bytes, for comparison with a vector.
    var exposed: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
