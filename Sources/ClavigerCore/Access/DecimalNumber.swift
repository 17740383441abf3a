/// A number as decimals write it, of any length and without rounding; values that programs would round to one another
/// stay apart.
package struct DecimalNumber: Hashable, Comparable, Sendable {
    private let isNegative: Bool

    /// Without zeros in front.
    private let integer: [UInt8]

    /// Without zeros at the end.
    private let fraction: [UInt8]

    /// Reads an optional minus, digits, and optionally a point and digits.
    package init?(_ text: some Collection<UInt8>) {
        let isMinus = text.first == UInt8(ascii: "-")
        let parts = text.dropFirst(isMinus ? 1 : 0)
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ part in !part.isEmpty && part.allSatisfy { 48...57 ~= $0 } }) else { return nil }
        integer = Array(parts[0].drop { $0 == 48 })
        var fraction = parts.count == 2 ? Array(parts[1]) : []
        while fraction.last == 48 { fraction.removeLast() }
        self.fraction = fraction
        isNegative = isMinus && !(integer.isEmpty && fraction.isEmpty)
    }

    package static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? isSmaller(right, left) : isSmaller(left, right)
    }

    private static func isSmaller(_ left: DecimalNumber, _ right: DecimalNumber) -> Bool {
        if left.integer.count != right.integer.count { return left.integer.count < right.integer.count }
        if left.integer != right.integer { return left.integer.lexicographicallyPrecedes(right.integer) }
        return left.fraction.lexicographicallyPrecedes(right.fraction)
    }
}
