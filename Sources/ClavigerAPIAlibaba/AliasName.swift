import ClavigerCore
import ClavigerCrypto

/// An alias with the prefix that clients write and read.
enum AliasName {
    /// Characters behind the prefix.
    private static let lengths = 1...255

    /// - Returns: `nil` for what no alias of this dialect can be, the reserved ones included.
    static func parse(_ text: [UInt8]) -> KeyAlias? {
        let prefix = AlibabaKeyName.aliasPrefix.utf8
        guard text.starts(with: prefix) else { return nil }
        let name = text.dropFirst(prefix.count)
        guard lengths.contains(name.count), name.allSatisfy(isOfAlias),
            !name.starts(with: KeyAlias.reservedPrefix.utf8)
        else { return nil }
        return KeyAlias(checked: String(decoding: name, as: UTF8.self))
    }

    static func text(_ alias: KeyAlias) -> String { AlibabaKeyName.aliasPrefix + alias.name }

    private static func isOfAlias(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

extension AlibabaValues {
    /// The parameter AliasName.
    ///
    /// - Throws: `.missingParameter`, `.invalidParameter`.
    func aliasName() throws(KMSError) -> KeyAlias {
        guard let alias = AliasName.parse(try requiredBytes("AliasName")) else {
            throw KMSError(
                .invalidParameter,
                "AliasName is alias/ with 1 to 255 of A-Z a-z 0-9 _ - / and does not begin with alias/acs/")
        }
        return alias
    }
}
