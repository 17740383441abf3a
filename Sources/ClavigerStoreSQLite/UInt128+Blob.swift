import Foundation

extension UInt128 {
    /// The 16 bytes, big endian, as which ids rest.
    var blob: Data {
        withUnsafeBytes(of: bigEndian) { Data($0) }
    }

    init?(blob: Data) {
        guard blob.count == 16 else { return nil }
        self = blob.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
