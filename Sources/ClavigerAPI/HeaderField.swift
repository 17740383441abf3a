/// A header that counts only if it is there once: two would let two readers see different requests.
package struct HeaderField: Sendable {
    private var first: String?
    package private(set) var isRepeated = false

    package init() {}

    package var value: String? { isRepeated ? nil : first }

    /// Blanks around a value are no part of it (RFC 9110 section 5.5).
    package mutating func take(_ value: String) {
        isRepeated = first != nil
        guard first == nil else { return }
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
        var bytes = value.utf8[...]
        while isBlank(bytes.first) { bytes = bytes.dropFirst() }
        while isBlank(bytes.last) { bytes = bytes.dropLast() }
        first = String(Substring(bytes))
    }
}
