/// Swift takes equivalent spellings of a text for equal; stores compare bytes.
extension String {
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    /// Whether the bytes of `part` stand somewhere in this text.
    func holds(_ part: String) -> Bool {
        let (text, part) = (Array(utf8), Array(part.utf8))
        guard part.count <= text.count else { return false }
        return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
    }
}
