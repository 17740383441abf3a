import ClavigerCrypto

/// A parsed JSON value that knows where in the text it stands.
struct LocatedJSON {
    enum Content {
        case object([Member])
        case array([LocatedJSON])
        case string(String)
        case number(String)
        case bool(Bool)
        case null
    }

    struct Member {
        let name: String

        /// Where the name stands.
        let offset: Int
        let value: LocatedJSON
    }

    let content: Content

    /// The offset of the first byte.
    let offset: Int

    init(parsing text: [UInt8]) throws(PolicyFault) {
        let value: JSONValue
        do throws(JSONParser.Failure) {
            value = try JSONParser.parse(text)
        } catch {
            throw PolicyFault(error.reason, at: error.offset)
        }
        var walk = Walk(text: text)
        self = walk.locate(value)
    }

    private init(_ content: Content, at offset: Int) {
        self.content = content
        self.offset = offset
    }

    /// Goes through a text that the parser has accepted, beside what the parser made of it.
    private struct Walk {
        let text: [UInt8]
        var at = 0

        mutating func locate(_ value: JSONValue) -> LocatedJSON {
            skipSpace()
            let start = at
            switch value {
            case .object(let members):
                at += 1
                let located = members.map { member in
                    skipSpace()
                    let offset = at
                    skipString()
                    skipSpace()
                    at += 1
                    defer { skipSeparator() }
                    return Member(
                        name: String(decoding: member.name, as: UTF8.self), offset: offset, value: locate(member.value))
                }
                if members.isEmpty { skipSeparator() }
                return LocatedJSON(.object(located), at: start)
            case .array(let elements):
                at += 1
                let located = elements.map { element in
                    defer { skipSeparator() }
                    return locate(element)
                }
                if elements.isEmpty { skipSeparator() }
                return LocatedJSON(.array(located), at: start)
            case .string(let bytes):
                skipString()
                return LocatedJSON(.string(String(decoding: bytes, as: UTF8.self)), at: start)
            case .number(let bytes):
                at += bytes.count
                return LocatedJSON(.number(String(decoding: bytes, as: UTF8.self)), at: start)
            case .bool(let value):
                at += value ? 4 : 5
                return LocatedJSON(.bool(value), at: start)
            case .null:
                at += 4
                return LocatedJSON(.null, at: start)
            }
        }

        private mutating func skipSpace() {
            while text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0A || text[at] == 0x0D { at += 1 }
        }

        /// Skips the comma behind an element, or the bracket behind the last.
        private mutating func skipSeparator() {
            skipSpace()
            at += 1
        }

        private mutating func skipString() {
            at += 1
            while text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
            at += 1
        }
    }
}
