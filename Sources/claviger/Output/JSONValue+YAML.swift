import ClavigerCrypto
import Yams

extension JSONValue {
    /// The value as a YAML document, with a newline at its end.
    ///
    /// - Parameter startsDocument: whether to begin with `---`, so that documents can follow one another.
    func yaml(startsDocument: Bool = false) throws(CommandFailure) -> String {
        do {
            return try Yams.serialize(node: node, width: -1, allowUnicode: true, explicitStart: startsDocument)
        } catch {
            throw CommandFailure("the result cannot be written as YAML: \(error)")
        }
    }

    private var node: Node {
        switch self {
        case .null: Node("null", Tag(.null))
        case .bool(let value): Node(value ? "true" : "false", Tag(.bool))
        case .number(let digits):
            // Written as it came: a number is never rounded.
            Node(
                String(decoding: digits, as: UTF8.self),
                Tag(digits.contains { ".eE".utf8.contains($0) } ? .float : .int))
        case .string(let bytes): Self.node(String(decoding: bytes, as: UTF8.self))
        case .array(let elements): Node(elements.map(\.node), Tag(.seq))
        case .object(let members):
            Node(members.map { (Self.node(String(decoding: $0.name, as: UTF8.self)), $0.value.node) }, Tag(.map))
        }
    }

    /// A string; in quotes if it would be read as something else without them.
    private static func node(_ text: String) -> Node {
        let looksOtherwise = Resolver.default.resolveTag(of: Node(text)) != .str
        return .scalar(Node.Scalar(text, Tag(.str), looksOtherwise ? .singleQuoted : .any))
    }
}
