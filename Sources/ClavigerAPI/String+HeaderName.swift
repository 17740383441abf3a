extension String {
    /// Whether this name of a header is the one in lower case, whatever its own case.
    package func isHeader(_ lowercase: some Collection<UInt8>) -> Bool {
        // Names differ in their lengths, which tells most of them apart without comparing text.
        utf8.count == lowercase.count && utf8.elementsEqual(lowercase) { (65...90 ~= $0 ? $0 | 0x20 : $0) == $1 }
    }

    package func isHeader(_ lowercase: String) -> Bool { isHeader(lowercase.utf8) }
}
