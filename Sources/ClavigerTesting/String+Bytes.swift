/// Swift takes equivalent spellings of a text for equal; stores compare bytes.
extension String {
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
