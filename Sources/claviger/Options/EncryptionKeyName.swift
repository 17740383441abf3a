import ArgumentParser
import ClavigerCore

/// An argument that names a key as other commands do, by its id or its alias, for an API that wants `alias/` before an alias. ARNs and what
/// has it already stay as they are.
struct EncryptionKeyName: Hashable, Sendable, ExpressibleByArgument {
    /// The key's name in the API.
    let parameter: String

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        let isComplete =
            UUIDText.parse(argument.utf8) != nil || argument.hasPrefix("alias/") || argument.hasPrefix("acs:")
        parameter = isComplete ? argument : "alias/\(argument)"
    }
}
