package import ClavigerCore

extension Key {
    /// The text of the primary alias; empty if the key has none.
    package var primaryName: String { primaryAlias?.name ?? "" }
}
