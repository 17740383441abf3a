package import ClavigerCore
package import ClavigerCrypto

/// A parameter that an action takes: the table from which every request is checked before the action sees it.
package struct Parameter: Sendable {
    package indirect enum Kind: Sendable {
        case string
        /// A whole number, not negative.
        case unsigned
        case boolean
        case list(Kind)
        case object([Parameter])
        /// Whatever JSON has, for the action itself to read.
        case any
    }

    package let name: StaticString
    package let kind: Kind
    package let isRequired: Bool

    /// What it means, for a dialect that describes itself; empty elsewhere.
    package let meaning: StaticString

    package static func required(_ name: StaticString, _ kind: Kind, _ meaning: StaticString = "") -> Parameter {
        Parameter(name: name, kind: kind, isRequired: true, meaning: meaning)
    }

    package static func optional(_ name: StaticString, _ kind: Kind, _ meaning: StaticString = "") -> Parameter {
        Parameter(name: name, kind: kind, isRequired: false, meaning: meaning)
    }

    func isNamed(_ text: ArraySlice<UInt8>) -> Bool {
        text.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
}

/// Parameters that have passed their table: what is required is there, nothing else is, and all types are right.
package struct ParameterValues: Sendable {
    private let members: [JSONValue.Member]

    /// Checks `members` against `table`.
    ///
    /// - Throws: in this order over all parameters: `.missingParameter`, `.unknownParameter`, `.invalidParameter` for a wrong type.
    package init(_ members: [JSONValue.Member], table: [Parameter]) throws(KMSError) {
        for parameter in table where parameter.isRequired {
            guard members.contains(where: { parameter.isNamed($0.name) && $0.value != .null }) else {
                throw KMSError(.missingParameter, "the parameter \(parameter.name) is missing")
            }
        }
        for member in members where !table.contains(where: { $0.isNamed(member.name) }) {
            throw KMSError(.unknownParameter, "unknown parameter \(Self.quoted(member.name))")
        }
        for parameter in table {
            guard let member = members.first(where: { parameter.isNamed($0.name) }), member.value != .null else {
                continue
            }
            try Self.check(member.value, is: parameter.kind, at: "\(parameter.name)")
        }
        self.members = members
    }

    private static func check(_ value: JSONValue, is kind: Parameter.Kind, at path: @autoclosure () -> String)
        throws(KMSError)
    {
        switch (kind, value) {
        case (.string, .string), (.boolean, .bool), (.any, _):
            return
        case (.unsigned, .number(let digits)):
            guard UInt64(String(decoding: digits, as: UTF8.self)) != nil else {
                throw KMSError(.invalidParameter, "\(path()) is a whole number from 0")
            }
        case (.list(let kind), .array(let elements)):
            for (index, element) in elements.enumerated() { try check(element, is: kind, at: "\(path()).\(index)") }
        case (.object(let table), .object(let members)):
            _ = try ParameterValues(members, table: table)
        case (.string, _): throw KMSError(.invalidParameter, "\(path()) is a string")
        case (.unsigned, _): throw KMSError(.invalidParameter, "\(path()) is a number")
        case (.boolean, _): throw KMSError(.invalidParameter, "\(path()) is true or false")
        case (.list, _): throw KMSError(.invalidParameter, "\(path()) is a list")
        case (.object, _): throw KMSError(.invalidParameter, "\(path()) is an object")
        }
    }

    /// A name from outside, shortened, for a message.
    private static func quoted(_ name: ArraySlice<UInt8>) -> String {
        "\"\(String(decoding: name.prefix(64), as: UTF8.self))\""
    }
}

extension ParameterValues {
    /// The value as it is, whatever its kind; `nil` if it is absent or null.
    package func value(_ name: StaticString) -> JSONValue? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard let value = members.first(where: { $0.name.elementsEqual(wanted) })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// The bytes of a string, valid UTF-8.
    package func bytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        guard case .string(let bytes) = value(name) else { return nil }
        return bytes
    }

    package func text(_ name: StaticString) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    package func number(_ name: StaticString) -> UInt64? {
        guard case .number(let digits) = value(name) else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    package func boolean(_ name: StaticString) -> Bool? {
        guard case .bool(let value) = value(name) else { return nil }
        return value
    }

    package func list(_ name: StaticString) -> [JSONValue]? {
        guard case .array(let elements) = value(name) else { return nil }
        return elements
    }
}
