/// The addresses that begin with the same bits (RFC 4632, RFC 4291 section 2.3).
package struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress

    /// How many bits at the end are free.
    private let freeBits: UInt128

    /// Reads one address, or an address and a length of the prefix, such as `192.0.2.0/24`. Bits behind the prefix are
    /// not looked at.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        self.address = address
        guard parts.count == 2 else {
            freeBits = 0
            return
        }
        // The length of a prefix counts the bits of the address as it is written; one of the mapped form has 96 more.
        let width = parts[0].utf8.contains(UInt8(ascii: ":")) ? 128 : 32
        let digits = parts[1].utf8
        guard (1...3).contains(digits.count), digits.allSatisfy({ 48...57 ~= $0 }),
            digits.count == 1 || digits.first != 48, let length = Int(parts[1]), length <= width
        else { return nil }
        let free = width - length
        guard !address.isIPv4 || free <= 32 else { return nil }
        freeBits = UInt128(free)
    }

    package func contains(_ other: IPAddress) -> Bool {
        // A shift by the whole width gives zero, as it should.
        address.isIPv4 == other.isIPv4 && address.bits >> freeBits == other.bits >> freeBits
    }
}
