import ClavigerCore
import ClavigerCrypto

/// Parameters that are tags, or their names: JSON text (contract, section 5.6).
extension AlibabaValues {
    /// Tags that a key or a secret can have.
    static let mostTags = 10

    /// More names than any dialect lets a key have tags.
    private static let mostTagNames = 100

    private static let tagNameLengths = 1...128
    private static let longestTagValue = 128

    /// What names of the cloud's own tags begin with, which users cannot give.
    private static let reservedTagPrefixes = ["aliyun", "acs:"]

    /// A list of whole tags; none if the parameter is absent.
    ///
    /// - Parameter limit: as many tags the list can have. That of a resource which has tags already is the resource's to know.
    /// - Throws: `.invalidParameter`, also for a name that is there twice; `.tooManyTags`.
    func tags(_ name: StaticString, limit: Int = AlibabaValues.mostTags) throws(KMSError) -> [KeyTag] {
        guard let value = try json(name) else { return [] }
        guard case .array(let entries) = value else {
            throw KMSError(.invalidParameter, "\(name) is a list of objects with TagKey and TagValue")
        }
        var tags: [KeyTag] = []
        for entry in entries { tags.append(try Self.tag(entry)) }
        // Compared by bytes: Swift takes equivalent spellings of a text for equal.
        guard Set(tags.map { Array($0.key.utf8) }).count == tags.count else {
            throw KMSError(.duplicateTag, "\(name) has one TagKey twice")
        }
        guard tags.count <= limit else {
            throw KMSError(.tooManyTags, "\(name) has \(tags.count) tags; the limit is \(limit)")
        }
        return tags
    }

    /// A list of names of tags, one at least. Any text can be one, as keys have tags from other dialects too.
    ///
    /// - Throws: `.missingParameter`, `.invalidParameter`.
    func tagNames(_ name: StaticString) throws(KMSError) -> [String] {
        guard let value = try json(name) else {
            throw KMSError(.missingParameter, "the parameter \(name) is missing")
        }
        guard case .array(let entries) = value, (1...Self.mostTagNames).contains(entries.count) else {
            throw KMSError(.invalidParameter, "\(name) is a list of 1 to \(Self.mostTagNames) names")
        }
        var names: [String] = []
        for entry in entries {
            guard let text = entry.text, Self.tagNameLengths.contains(text.unicodeScalars.count) else {
                throw KMSError(
                    .invalidParameter, "\(name) is a list of texts of 1 to \(Self.tagNameLengths.upperBound) characters"
                )
            }
            names.append(text)
        }
        return names
    }

    private static func tag(_ entry: JSONValue) throws(KMSError) -> KeyTag {
        guard case .object = entry else {
            throw KMSError(.invalidParameter, "a tag is an object with TagKey and TagValue")
        }
        guard let name = entry["TagKey"]?.text, tagNameLengths.contains(name.utf8.count),
            name.utf8.allSatisfy(isOfTag), !reservedTagPrefixes.contains(where: name.hasPrefix)
        else {
            throw KMSError(
                .invalidParameter,
                """
                a TagKey has 1 to \(tagNameLengths.upperBound) of A-Z a-z 0-9 / \\ _ - . + = : @ and begins neither with \
                \(reservedTagPrefixes.joined(separator: " nor with "))
                """)
        }
        return KeyTag(key: name, value: try tagValue(entry["TagValue"]))
    }

    /// - Parameter value: a tag without a value has an empty one.
    private static func tagValue(_ value: JSONValue?) throws(KMSError) -> String {
        switch value {
        case nil, .null: return ""
        case .string(let bytes):
            guard bytes.count <= longestTagValue, bytes.allSatisfy(isOfTag) else { throw invalidTagValue }
            return String(decoding: bytes, as: UTF8.self)
        case .object, .array, .number, .bool: throw invalidTagValue
        }
    }

    private static var invalidTagValue: KMSError {
        KMSError(
            .invalidParameter, "a TagValue is a text of at most \(longestTagValue) of A-Z a-z 0-9 / \\ _ - . + = : @")
    }

    private static func isOfTag(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "_"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ":"),
            UInt8(ascii: "@"):
            true
        default: false
        }
    }
}

extension KeyTag {
    /// Writes the tag's members into an object that is open.
    func encode(to json: inout JSONWriter) {
        json.member("TagKey", key)
        json.member("TagValue", value)
    }
}
