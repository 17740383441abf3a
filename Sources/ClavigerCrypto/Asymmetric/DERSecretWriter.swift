/// Writes DER (X.690) of secrets into memory that the caller locks or wipes, last element first, so that every length is known
/// when it is written and nothing is copied twice.
struct DERSecretWriter {
    private let memory: UnsafeMutableRawBufferPointer
    /// Where the first byte written stands in the memory.
    private(set) var start: Int

    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
        start = memory.count
    }

    var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start...]) }

    mutating func prepend(_ bytes: some Collection<UInt8>) {
        start -= bytes.count
        UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + bytes.count]).copyBytes(from: bytes)
    }

    /// INTEGER of a number that is not negative, given in big-endian order.
    mutating func prependUnsigned(_ number: some Collection<UInt8>) {
        let end = start
        // How many bytes a number has shows in the length of the encoding anyway.
        let digits = number.drop { $0 == 0 }
        prepend(digits)
        if digits.first.map({ $0 >= 0x80 }) ?? true { prepend(CollectionOfOne(0)) }
        enclose(.integer, until: end)
    }

    /// Puts tag and length before all that was written since the writer's start was `end`.
    mutating func enclose(_ tag: DER.Tag, until end: Int) {
        prepend(DER.length(end - start))
        prepend(CollectionOfOne(tag.rawValue))
    }
}
