import ClavigerCore
import ClavigerCrypto

/// A key as a call names it: the contract's section 4. Whatever has none of its forms names a key that does not exist.
struct AlibabaKeyName: Sendable {
    enum Form: Sendable {
        case id(KeyID)
        case alias(KeyAlias)
        /// No key, by a text that has the form of an alias and can be none.
        case unknownAlias
        /// No key, by a text that is no name of one.
        case unknown
    }

    /// Region and account of a name that tells them.
    struct Place: Sendable {
        let region: String
        let account: String
    }

    static let aliasPrefix = "alias/"

    let form: Form

    /// `nil` for a name of the caller's own region and account.
    let place: Place?

    init(_ text: String) {
        if let arn = AlibabaARN(text) {
            place = Place(region: arn.region, account: arn.account)
            form =
                if arn.path.hasPrefix("key/") {
                    Self.id(arn.path.dropFirst(4))
                } else {
                    Self.alias(arn.path) ?? .unknown
                }
        } else {
            place = nil
            form = Self.alias(text) ?? Self.id(text[...])
        }
    }

    /// The key that a ciphertext names.
    init(id: KeyID) {
        form = .id(id)
        place = nil
    }

    var isAlias: Bool {
        switch form {
        case .alias, .unknownAlias: true
        case .id, .unknown: false
        }
    }

    /// What an audit event says of it.
    var resource: String? {
        switch form {
        case .id(let id): id.description
        case .alias(let alias): Self.aliasPrefix + alias.name
        // Whatever somebody writes in the place of a name is none of the audit log's business.
        case .unknownAlias, .unknown: nil
        }
    }

    private static func id(_ text: Substring) -> Form { (try? KeyID(text: text.utf8)).map(Form.id) ?? .unknown }

    private static func alias(_ text: String) -> Form? {
        guard text.hasPrefix(aliasPrefix) else { return nil }
        let name = text.dropFirst(aliasPrefix.count)
        guard (1...longestAlias).contains(name.utf8.count), name.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            return .unknownAlias
        }
        return .alias(KeyAlias(checked: String(name)))
    }

    /// Bytes of the longest alias in any dialect; all are of ASCII without blanks.
    private static let longestAlias = 255
}
