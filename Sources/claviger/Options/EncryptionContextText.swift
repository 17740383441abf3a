import ArgumentParser
import ClavigerCrypto

/// The encryption context as the API takes it: the text of a JSON object.
enum EncryptionContextText {
    /// - Parameters:
    ///   - pairs: strings, each name once.
    ///   - json: the object itself, instead of pairs.
    ///   - flag: how the flag for the pairs is called; for messages.
    /// - Returns: `nil` if neither is given.
    static func make(pairs: [KeyValue], json: String?, flag: String) throws(ValidationError) -> String? {
        guard let json else { return pairs.isEmpty ? nil : try object(pairs, flag) }
        guard pairs.isEmpty else { throw ValidationError("Use either --\(flag) or --\(flag)-json.") }
        guard case .object = try? JSONParser.parse(Array(json.utf8)) else {
            throw ValidationError(
                "--\(flag)-json takes a JSON object, such as {\"tenant\":\"7\"}, that has no name twice.")
        }
        return json
    }

    private static func object(_ pairs: [KeyValue], _ flag: String) throws(ValidationError) -> String {
        guard Set(pairs.map(\.name)).count == pairs.count else { throw ValidationError("--\(flag) has a name twice.") }
        let members = pairs.map { pair in
            JSONValue.Member(name: Array(pair.name.utf8)[...], value: .text(pair.value))
        }
        return String(decoding: JSONValue.object(members).compact, as: UTF8.self)
    }
}
