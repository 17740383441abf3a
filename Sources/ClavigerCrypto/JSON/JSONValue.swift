/// A parsed JSON value (RFC 8259). Strings and numbers keep their bytes, so that nothing is lost or rounded.
package enum JSONValue: Hashable, Sendable {
    case object([Member])
    case array([JSONValue])
    /// The unescaped text, in valid UTF-8.
    case string(ArraySlice<UInt8>)
    /// The number as it was written.
    case number(ArraySlice<UInt8>)
    case bool(Bool)
    case null

    package struct Member: Hashable, Sendable {
        /// The unescaped name, in valid UTF-8.
        package let name: ArraySlice<UInt8>
        package let value: JSONValue

        package init(name: ArraySlice<UInt8>, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// The value of an object's member, or `nil` if there is none or this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    package var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
