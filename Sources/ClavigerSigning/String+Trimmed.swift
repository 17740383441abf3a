extension String {
    /// Gives `body` a header's value without the blanks and tabs at its ends.
    func withTrimmed<Result>(_ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Result) -> Result {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var value = self
        return value.withUTF8 { bytes in
            var start = 0
            var end = bytes.count
            while start < end, isBlank(bytes[start]) { start += 1 }
            while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            return body(bytes[start..<end])
        }
    }
}
