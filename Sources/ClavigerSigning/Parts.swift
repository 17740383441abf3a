/// The parts of a text between separators, empty ones too, one after the other and without copying.
struct Parts: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>?
    private let separator: UInt8

    init(_ text: ArraySlice<UInt8>, separator: Unicode.Scalar) {
        rest = text
        self.separator = UInt8(ascii: separator)
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let text = rest else { return nil }
        guard let end = text.firstIndex(of: separator) else {
            rest = nil
            return text
        }
        rest = text[(end + 1)...]
        return text[..<end]
    }
}
