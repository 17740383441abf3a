import ArgumentParser

/// An argument that names a number of bytes: digits, and perhaps `K`, `M`, `G` or `T` behind them for powers of 1024.
struct ByteSize: Hashable, Sendable, ExpressibleByArgument {
    let bytes: UInt64

    init(bytes: UInt64) { self.bytes = bytes }

    init?(argument: String) {
        let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30, "T": 40]
        let shift = argument.last.flatMap { shifts[Character($0.uppercased())] }
        let digits = shift == nil ? argument[...] : argument.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }), let number = UInt64(digits) else {
            return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    var defaultValueDescription: String { bytes % 1024 == 0 && bytes > 0 ? "\(bytes >> 10)K" : "\(bytes)" }
}
