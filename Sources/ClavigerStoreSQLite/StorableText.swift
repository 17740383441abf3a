import ClavigerCore

/// SQLite's texts end at U+0000.
enum StorableText {
    static func allows(_ text: String) -> Bool { !text.utf8.contains(0) }

    static func require(_ texts: String...) throws(KMSError) {
        guard texts.allSatisfy(allows) else {
            throw KMSError(.invalidParameterValue, "a text must not contain the character U+0000")
        }
    }
}
