import ClavigerCore

extension AlibabaValues {
    private static let longestKeyDescription = 8192

    /// The description of a key; `nil` if it is absent.
    ///
    /// - Throws: `.invalidParameter`.
    func keyDescription() throws(KMSError) -> String? {
        try freeText("Description", longest: Self.longestKeyDescription)
    }
}
