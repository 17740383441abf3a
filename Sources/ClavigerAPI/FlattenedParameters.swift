package import ClavigerCore
package import ClavigerCrypto

/// Turns flattened parameters (`KeyIds.0=a`, `Tags.0.TagKey=env`) into the values that a JSON body would have.
///
/// Text is converted by the declared type. What does not fit the table is kept as it is, for ``ParameterValues`` to refuse.
package enum FlattenedParameters {
    private static let deepest = 8

    private final class Node {
        var text: [UInt8]?
        var names: [ArraySlice<UInt8>] = []
        var children: [ArraySlice<UInt8>: Node] = [:]

        func child(_ name: ArraySlice<UInt8>) -> Node {
            if let child = children[name] { return child }
            let child = Node()
            names.append(name)
            children[name] = child
            return child
        }
    }

    package static func members(_ pairs: [FormParser.Pair], table: [Parameter]) throws(KMSError) -> [JSONValue.Member] {
        let root = Node()
        for pair in pairs {
            var node = root
            let segments = pair.name.split(
                separator: UInt8(ascii: "."), maxSplits: deepest, omittingEmptySubsequences: false)
            for segment in segments { node = node.child(segment) }
            node.text = pair.value
        }
        var members: [JSONValue.Member] = []
        for name in root.names {
            guard let child = root.children[name] else { continue }
            let kind = table.first { $0.isNamed(name) }?.kind
            members.append(JSONValue.Member(name: name, value: try value(child, kind: kind ?? .string)))
        }
        return members
    }

    private static func value(_ node: Node, kind: Parameter.Kind) throws(KMSError) -> JSONValue {
        guard node.text == nil || node.children.isEmpty else {
            throw KMSError(.invalidParameter, "a parameter is given both as a value and as a list")
        }
        switch kind {
        case .string, .any:
            guard let text = node.text else { return .array([]) }
            return .string(text[...])
        case .boolean:
            guard let text = node.text else { return .array([]) }
            if text.elementsEqual("true".utf8) { return .bool(true) }
            return text.elementsEqual("false".utf8) ? .bool(false) : .string(text[...])
        case .unsigned:
            guard let text = node.text else { return .array([]) }
            let isNumber = !text.isEmpty && text.allSatisfy { 48...57 ~= $0 }
            return isNumber ? .number(text[...]) : .string(text[...])
        case .list(let kind):
            if let text = node.text { return .string(text[...]) }
            var elements: [JSONValue] = []
            for index in 0..<node.names.count {
                guard let child = node.children[Array(String(index).utf8)[...]] else {
                    throw KMSError(.invalidParameter, "the elements of a list are numbered 0, 1, 2 and so on")
                }
                elements.append(try value(child, kind: kind))
            }
            return .array(elements)
        case .object(let table):
            if let text = node.text { return .string(text[...]) }
            var members: [JSONValue.Member] = []
            for name in node.names {
                guard let child = node.children[name] else { continue }
                let kind = table.first { $0.isNamed(name) }?.kind
                members.append(JSONValue.Member(name: name, value: try value(child, kind: kind ?? .string)))
            }
            return .object(members)
        }
    }
}
