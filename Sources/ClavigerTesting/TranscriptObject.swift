package import ClavigerCrypto
package import Foundation

/// An object of a transcript's file, none of whose members is overlooked.
package struct TranscriptObject: Sendable {
    package let value: JSONValue

    /// What faults are said to be in.
    package let place: String

    /// - Throws: if this is no object, or has members with other names than these.
    package init(_ value: JSONValue, _ known: Set<String>, in place: String) throws(TranscriptFault) {
        guard case .object(let members) = value else { throw TranscriptFault("\(place): an object is expected") }
        for member in members where !known.contains(String(decoding: member.name, as: UTF8.self)) {
            throw TranscriptFault("\(place): unknown member \(String(decoding: member.name, as: UTF8.self))")
        }
        self.value = value
        self.place = place
    }

    /// The transcripts of a file, which is an array of them, each with a name.
    package static func load(_ file: URL, _ known: Set<String>) throws -> [(name: String, object: TranscriptObject)] {
        let action = file.deletingPathExtension().lastPathComponent
        guard case .array(let entries) = try JSONParser.parse(Array(try Data(contentsOf: file))) else {
            throw TranscriptFault("\(action): an array is expected")
        }
        return try entries.map { entry in
            guard let name = entry["name"]?.text else { throw TranscriptFault("\(action): a transcript has a name") }
            return (name, try TranscriptObject(entry, known.union(["name"]), in: "\(action), \(name)"))
        }
    }

    package subscript(name: String) -> JSONValue? { value[name] }

    package func text(_ name: String) -> String? { value[name]?.text }

    /// The elements of a list; none if there is no list.
    package func list(_ name: String) throws(TranscriptFault) -> [JSONValue] {
        guard let member = value[name] else { return [] }
        guard case .array(let elements) = member else { throw TranscriptFault("\(place): \(name) is no list") }
        return elements
    }

    /// Names with the paths that they stand for: the member `save` of a step.
    package func saved() throws(TranscriptFault) -> [(name: String, path: String)] {
        guard let member = value["save"] else { return [] }
        guard case .object(let members) = member else { throw TranscriptFault("\(place): save is no object") }
        var saved: [(name: String, path: String)] = []
        for member in members {
            guard let path = member.value.text else { throw TranscriptFault("\(place): what is saved is no path") }
            saved.append((String(decoding: member.name, as: UTF8.self), path))
        }
        return saved
    }
}
