import ClavigerCore
import ClavigerCrypto

/// Members that are tags, or look for them.
extension HuaweiValues {
    private static let longestTagName = 36
    private static let longestTagValue = 43

    /// Tags that one call can bring, or look for.
    private static let mostTagsPerCall = 10
    private static let mostTagValuesPerName = 10

    /// Tags that a key can have.
    static let mostTagsPerKey = 10

    // MARK: tags of a key

    /// The member `tag`.
    ///
    /// - Throws: KMS.0308 if it is no object, or what is wrong with the tag.
    func tag() throws(KMSError) -> KeyTag {
        guard let value = value("tag"), case .object = value else {
            throw KMSError(HuaweiCode.invalidParameter, "tag is an object")
        }
        return try Self.tag(value)
    }

    /// The member `tags`, whole tags.
    ///
    /// - Throws: KMS.0401, KMS.0407, KMS.0412, or what is wrong with a tag.
    func tags() throws(KMSError) -> [KeyTag] {
        var tags: [KeyTag] = []
        for entry in try tagEntries() { tags.append(try Self.tag(entry)) }
        try Self.requireDistinct(tags.map(\.key))
        return tags
    }

    /// The names in the member `tags`, whatever the values are.
    ///
    /// - Throws: as ``tags()``, but for values.
    func tagNames() throws(KMSError) -> [String] {
        var names: [String] = []
        for entry in try tagEntries() { names.append(try Self.tagName(entry)) }
        try Self.requireDistinct(names)
        return names
    }

    private func tagEntries() throws(KMSError) -> [JSONValue] {
        let entries = try list("tags", else: .invalidTagList) ?? []
        guard !entries.isEmpty else { throw KMSError(HuaweiCode.emptyTagList) }
        try Self.requireTagList(entries)
        return entries
    }

    // MARK: searches

    /// The member `tags` of a search: all of them must hold.
    ///
    /// - Throws: KMS.0407, KMS.0412, KMS.0413, or what is wrong with a tag.
    func tagFilters() throws(KMSError) -> [KeyQuery.TagFilter] {
        let entries = try list("tags", else: .invalidTagList) ?? []
        try Self.requireTagList(entries)
        var filters: [KeyQuery.TagFilter] = []
        for entry in entries {
            filters.append(KeyQuery.TagFilter(key: try Self.tagName(entry), values: try Self.wantedValues(entry)))
        }
        try Self.requireDistinct(filters.map(\.key))
        return filters
    }

    /// The values of which a tag must have one; none if it may have any.
    private static func wantedValues(_ entry: JSONValue) throws(KMSError) -> [String] {
        let elements: [JSONValue]
        switch entry["values"] {
        case nil, .null: return []
        case .array(let values): elements = values
        case .object, .string, .number, .bool: throw KMSError(HuaweiCode.invalidTagList, "values is a list")
        }
        guard elements.count <= mostTagValuesPerName else {
            throw KMSError(HuaweiCode.tooManyTagValues, "one name has at most \(mostTagValuesPerName) values")
        }
        var values: [String] = []
        for element in elements {
            guard let value = element.text else { throw KMSError(HuaweiCode.invalidTagValue, "a value is a string") }
            try checkTagValue(value)
            values.append(value)
        }
        return values
    }

    /// The aliases in the member `matches` of a search: all of them must hold.
    ///
    /// - Throws: KMS.0415, KMS.0403, KMS.0402.
    func matchedAliases() throws(KMSError) -> [String] {
        let longest = 255
        var aliases: [String] = []
        for entry in try list("matches", else: .invalidMatches) ?? [] {
            guard case .object = entry else { throw KMSError(HuaweiCode.invalidMatches, "a match is an object") }
            guard entry["key"]?.text == "resource_name" else {
                throw KMSError(HuaweiCode.invalidMatchKey, "the key of a match is resource_name")
            }
            guard let alias = entry["value"]?.text, (1...longest).contains(alias.unicodeScalars.count) else {
                throw KMSError(HuaweiCode.invalidMatchValue, "the value of a match has 1 to \(longest) characters")
            }
            aliases.append(alias)
        }
        return aliases
    }

    // MARK: rules

    private static func requireTagList(_ entries: [JSONValue]) throws(KMSError) {
        guard entries.count <= mostTagsPerCall else {
            throw KMSError(HuaweiCode.invalidTagListSize, "one call has at most \(mostTagsPerCall) tags")
        }
        for entry in entries {
            guard case .object = entry else { throw KMSError(HuaweiCode.invalidTagList, "a tag is an object") }
        }
    }

    private static func requireDistinct(_ names: [String]) throws(KMSError) {
        // Compared by bytes: Swift takes equivalent spellings of a text for equal.
        guard Set(names.map { Array($0.utf8) }).count == names.count else {
            throw KMSError(.duplicateTag, "a tag is named twice")
        }
    }

    private static func tag(_ value: JSONValue) throws(KMSError) -> KeyTag {
        let name = try tagName(value)
        switch value["value"] {
        case nil, .null: return KeyTag(key: name, value: "")
        case .string(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            try checkTagValue(text)
            return KeyTag(key: name, value: text)
        case .object, .array, .number, .bool:
            throw KMSError(HuaweiCode.invalidTagValue, "the value of a tag is a string")
        }
    }

    private static func tagName(_ value: JSONValue) throws(KMSError) -> String {
        guard let name = value["key"]?.text, !name.isEmpty else {
            throw KMSError(HuaweiCode.invalidTagKey, "the key of a tag is a string that is not empty")
        }
        guard name.unicodeScalars.count <= longestTagName else {
            throw KMSError(HuaweiCode.invalidTagKeyLength, "the key of a tag has at most \(longestTagName) characters")
        }
        guard name.utf8.allSatisfy(isOfTag) else {
            throw KMSError(
                HuaweiCode.invalidTagKey, "the key of a tag holds no control character and none of * < > \\ =")
        }
        return name
    }

    private static func checkTagValue(_ value: String) throws(KMSError) {
        guard value.unicodeScalars.count <= longestTagValue else {
            throw KMSError(
                HuaweiCode.invalidTagValueLength, "the value of a tag has at most \(longestTagValue) characters")
        }
        guard value.utf8.allSatisfy(isOfTag) else {
            throw KMSError(
                HuaweiCode.invalidTagValue, "the value of a tag holds no control character and none of * < > \\ =")
        }
    }

    private static func isOfTag(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...31, UInt8(ascii: "*"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "="):
            false
        default: true
        }
    }
}
