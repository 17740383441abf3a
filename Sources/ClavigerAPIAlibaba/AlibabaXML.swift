import ClavigerCore
import ClavigerCrypto

/// Answers in XML, for those who ask for it: the JSON of the same answer, element for member.
struct AlibabaXML {
    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    private(set) var bytes: [UInt8] = []

    /// Whether a reader gets all texts as they were, without a character in another's place.
    private(set) var isExact = true

    /// The document that says what `json` does.
    ///
    /// An object's members are elements in their order. A list under a name repeats the element, so an empty one leaves nothing. Null is an empty
    /// element. Any XML parser reads the text that was meant, but for characters that XML 1.0 cannot have, which become U+FFFD.
    ///
    /// - Parameters:
    ///   - root: the name of the root element, which is no secret and no caller's choice.
    ///   - json: an object.
    /// - Throws: `internalFailure` if it is no object, a list stands in a list, or a name cannot be an element's.
    static func document(root: StaticString, json: [UInt8]) throws(KMSError) -> AlibabaXML {
        guard let answer = try? JSONParser.parse(json), case .object = answer else {
            throw KMSError(.internalFailure, "an answer that is no object has no form in XML")
        }
        var document = AlibabaXML()
        document.bytes.reserveCapacity(2 * json.count + 64)
        document.bytes.append(contentsOf: declaration.utf8)
        let name = UnsafeBufferPointer(start: root.utf8Start, count: root.utf8CodeUnitCount)
        try document.append(JSONValue.Member(name: Array(name)[...], value: answer))
        return document
    }

    /// An element for the member, or one for each element of a list.
    private mutating func append(_ member: JSONValue.Member) throws(KMSError) {
        guard Self.isElementName(member.name) else {
            throw KMSError(.internalFailure, "no element can have the name of a member")
        }
        guard case .array(let elements) = member.value else { return try append(member.value, named: member.name) }
        for element in elements { try append(element, named: member.name) }
    }

    private mutating func append(_ value: JSONValue, named name: ArraySlice<UInt8>) throws(KMSError) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: ">"))
        switch value {
        case .object(let members): for member in members { try append(member) }
        case .string(let text): appendEscaped(text)
        case .number(let digits): bytes.append(contentsOf: digits)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .null: break
        case .array: throw KMSError(.internalFailure, "a list in a list has no name")
        }
        bytes.append(contentsOf: "</".utf8)
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Text as it stands in an element.
    ///
    /// XML 1.0 section 2.2 tells which characters there are; 2.4 what is escaped, `>` because of `]]>`; 2.11 why carriage returns are: as they are they
    /// would be read as line feeds.
    ///
    /// - Parameter text: valid UTF-8.
    private mutating func appendEscaped(_ text: ArraySlice<UInt8>) {
        for (index, byte) in zip(text.indices, text) {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case 0x0D: bytes.append(contentsOf: "&#13;".utf8)
            case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F:
                bytes.append(contentsOf: "\u{FFFD}".utf8)
                isExact = false
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF, U+FFFD is EF BF BD.
            case 0xBE, 0xBF:
                let isNoCharacter = text[..<index].suffix(2).elementsEqual([0xEF, 0xBF])
                bytes.append(isNoCharacter ? 0xBD : byte)
                if isNoCharacter { isExact = false }
            default: bytes.append(byte)
            }
        }
    }

    /// Of the names that XML 1.0 section 2.3 has, those in ASCII without a colon; no answer has others.
    private static func isElementName(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, isLetter(first) else { return false }
        return name.allSatisfy { isLetter($0) || isOther($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isOther(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
