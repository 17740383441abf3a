#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes to be found in text, by comparing two of them with 64 places of the text at a time.
///
/// The two are those that are rarest in such text, so that places where both are right are nearly always what is searched for.
struct BytePattern {
    private typealias Block = SIMD16<UInt8>
    private static let blockCount = 16
    private static let step = 4 * blockCount

    let bytes: [UInt8]
    private let first: Int
    private let second: Int

    /// - Parameters:
    ///   - bytes: one at least.
    ///   - frequencies: how often each of the 256 bytes is in such text.
    init(_ bytes: [UInt8], frequencies: [Int]) {
        self.bytes = bytes
        // Of equal bytes the first one counts: the second would tell nothing more.
        let places = bytes.indices.filter { bytes.firstIndex(of: bytes[$0]) == $0 }
        let rarest = places.sorted { frequencies[Int(bytes[$0])] < frequencies[Int(bytes[$1])] }
        first = rarest[0]
        second = rarest.count > 1 ? rarest[1] : rarest[0]
    }

    /// How often each of the 256 bytes is in `text`.
    static func frequencies(in text: UnsafeRawBufferPointer) -> [Int] {
        var frequencies = [Int](repeating: 0, count: 256)
        for byte in text { frequencies[Int(byte)] += 1 }
        return frequencies
    }

    /// How often the bytes are in `text`.
    func count(in text: UnsafeRawBufferPointer) -> Int {
        var (count, at) = (0, 0)
        while let found = firstIndex(in: text, from: at) {
            count += 1
            at = found + 1
        }
        return count
    }

    func occurs(in text: UnsafeRawBufferPointer) -> Bool { firstIndex(in: text, from: 0) != nil }

    /// Where the bytes begin for the first time at `start` or later.
    func firstIndex(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = text.baseAddress, text.count - start >= bytes.count else { return nil }
        let end = text.count - bytes.count + 1
        return bytes.withUnsafeBytes { pattern in
            guard let wanted = pattern.baseAddress else { return nil }
            let (one, two) = (Block(repeating: pattern[first]), Block(repeating: pattern[second]))
            var at = start
            while at + Self.step <= end {
                let place = base + at
                let marks =
                    marks(place, one, two) | marks(place + Self.blockCount, one, two)
                    | marks(place + 2 * Self.blockCount, one, two) | marks(place + 3 * Self.blockCount, one, two)
                if marks != .zero {
                    for block in stride(from: at, to: at + Self.step, by: Self.blockCount) {
                        let marks = self.marks(base + block, one, two)
                        if let found = Self.firstIndex(of: pattern, in: base + block, marks.x) { return block + found }
                        if let found = Self.firstIndex(of: pattern, in: base + block + 8, marks.y) {
                            return block + 8 + found
                        }
                    }
                }
                at += Self.step
            }
            while at < end {
                if memcmp(base + at, wanted, pattern.count) == 0 { return at }
                at += 1
            }
            return nil
        }
    }

    /// A block's bytes, all ones at each place where both bytes of the pattern are right.
    @inline(__always)
    private func marks(_ place: UnsafeRawPointer, _ one: Block, _ two: Block) -> SIMD2<UInt64> {
        let isOne = (place + first).loadUnaligned(as: Block.self) .== one
        let isTwo = (place + second).loadUnaligned(as: Block.self) .== two
        return unsafeBitCast(isOne .& isTwo, to: SIMD2<UInt64>.self)
    }

    /// Which of the eight places from `base` on holds the pattern, among those that `marks` marks.
    private static func firstIndex(
        of pattern: UnsafeRawBufferPointer, in base: UnsafeRawPointer, _ marks: UInt64
    ) -> Int? {
        guard let wanted = pattern.baseAddress else { return nil }
        var rest = marks.littleEndian
        while rest != 0 {
            let index = rest.trailingZeroBitCount / 8
            if memcmp(base + index, wanted, pattern.count) == 0 { return index }
            rest &= ~(0xFF << (8 * UInt64(index)))
        }
        return nil
    }
}
