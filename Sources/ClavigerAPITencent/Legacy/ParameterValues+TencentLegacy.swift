import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension ParameterValues {
    /// An alias as the legacy API takes it: at most 32 characters, otherwise by the rule of the newer API.
    func legacyAlias() throws(KMSError) -> KeyAlias {
        let alias = try alias("alias")
        guard alias.name.utf8.count <= 32 else { throw KMSError(.invalidAlias, "an alias has at most 32 characters") }
        return alias
    }
}
