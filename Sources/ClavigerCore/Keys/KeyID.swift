/// The id of a customer master key: a random UUID, never reused.
package struct KeyID: Hashable, Sendable, CustomStringConvertible {
    package let value: UInt128

    package init(_ value: UInt128) { self.value = value }

    /// Reads the one spelling there is, lower case.
    package init(text: ArraySlice<UInt8>) throws(KMSError) {
        guard let value = UUIDText.parse(text) else {
            throw KMSError(.malformedKeyID, "a key id is a UUID in lower case")
        }
        self.value = value
    }

    package init(text: some Collection<UInt8>) throws(KMSError) { try self.init(text: ArraySlice(text)) }

    package var description: String { UUIDText.text(value) }
}

/// The id of one generation of a key's material: a random UUID.
package struct KeyVersionID: Hashable, Sendable, CustomStringConvertible {
    package let value: UInt128

    package init(_ value: UInt128) { self.value = value }

    package var description: String { UUIDText.text(value) }
}
