extension String {
    /// Whether this name of a header is the one in lower case, whatever its own case.
    package func isHeader(_ lowercase: ArraySlice<UInt8>) -> Bool {
        // Names differ in their lengths, which tells most of them apart without comparing text.
        guard utf8.count == lowercase.count else { return false }
        return lowercase.withUnsafeBufferPointer(isHeader)
    }

    package func isHeader(_ lowercase: StaticString) -> Bool {
        guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
        return isHeader(UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount))
    }

    // Generic code would be called through witnesses from other modules, for every header of every request.
    private func isHeader(_ lowercase: UnsafeBufferPointer<UInt8>) -> Bool {
        var name = self
        return name.withUTF8 { name in
            for index in name.indices {
                let byte = name[index]
                guard (65...90 ~= byte ? byte | 0x20 : byte) == lowercase[index] else { return false }
            }
            return true
        }
    }
}
