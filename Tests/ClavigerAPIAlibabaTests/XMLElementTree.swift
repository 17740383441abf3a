import ClavigerCrypto
import ClavigerTesting
import Foundation
import FoundationXML

/// An element with all that is in it, read by a parser that has nothing to do with the writer.
final class XMLElementTree {
    let name: String
    private(set) var children: [XMLElementTree] = []
    private(set) var text = ""

    private init(_ name: String) { self.name = name }

    static func parse(_ bytes: [UInt8]) throws -> XMLElementTree {
        let reader = Reader()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = reader
        guard parser.parse(), let root = reader.root else {
            throw TranscriptFault("no XML: \(String(decoding: bytes.prefix(600), as: UTF8.self))")
        }
        return root
    }

    private final class Reader: NSObject, XMLParserDelegate {
        private var open: [XMLElementTree] = []
        private(set) var root: XMLElementTree?

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            let element = XMLElementTree(name)
            if let parent = open.last { parent.children.append(element) } else { root = element }
            open.append(element)
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) { open.removeLast() }

        func parser(_ parser: XMLParser, foundCharacters text: String) { open.last?.text += text }
    }
}

extension XMLElementTree {
    /// The members, all of them texts, objects, or lists where an element is there more than once.
    var json: JSONValue {
        guard !children.isEmpty else { return JSONValue(text: text) }
        return object { name, elements in elements.count == 1 ? elements[0].json : .array(elements.map(\.json)) }
    }

    /// The value that the element stands for where `expected` is expected.
    func json(like expected: JSONValue) -> JSONValue {
        switch expected {
        case .object(let members):
            guard
                case .object(var found) = object({ name, elements in
                    switch expected[name] {
                    case .array(let wanted):
                        return .array(
                            elements.enumerated().map { $1.json(like: $0 < wanted.count ? wanted[$0] : .null) })
                    case let wanted?: return elements.count == 1 ? elements[0].json(like: wanted) : .null
                    case nil: return .array(elements.map(\.json))
                    }
                })
            else { return .null }
            // An empty list leaves nothing.
            for member in members where member.value == .array([]) && !found.contains(where: { $0.name == member.name })
            {
                found.append(member)
            }
            return .object(found)
        case .number: return .number(Array(text.utf8)[...])
        case .bool: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : JSONValue(text: text)
        case .string(let text) where String(decoding: text, as: UTF8.self).hasPrefix("<now"):
            return .number(Array(self.text.utf8)[...])
        case .string, .array, .null: return json
        }
    }

    private func object(_ value: (String, [XMLElementTree]) -> JSONValue) -> JSONValue {
        var names: [String] = []
        for child in children where !names.contains(child.name) { names.append(child.name) }
        return .object(
            names.map { name in
                JSONValue.Member(
                    name: Array(name.utf8)[...], value: value(name, children.filter { $0.name == name }))
            })
    }
}
