package import ClavigerCore

/// What names may be: of accounts 3 to 64 of `A-Za-z0-9._-`, of the rest 1 to 64 of these and `+=,@`.
package enum NameRule: CaseIterable, Sendable {
    case account
    case user
    case group
    case policy

    /// - Throws: `.invalidName`.
    package func check(_ name: String) throws(KMSError) {
        let bytes = name.utf8
        guard (shortest...64).contains(bytes.count), bytes.allSatisfy(isAllowed) else {
            throw KMSError(
                .invalidName, "the name of \(thing) has \(shortest) to 64 characters out of A-Z a-z 0-9 \(signs)")
        }
        // A client or proxy that tidies up paths would turn /users/.. into another address.
        guard !bytes.allSatisfy({ $0 == UInt8(ascii: ".") }) else {
            throw KMSError(.invalidName, "the name of \(thing) has another character than dots")
        }
        switch self {
        case .account:
            // Accounts are named by number as well.
            guard !bytes.allSatisfy({ (48...57).contains($0) }) else {
                throw KMSError(.invalidName, "the name of an account has another character than digits")
            }
        case .policy:
            guard name != Policy.nameOfKeyPolicies, name != Policy.nameOfGrants else {
                throw KMSError(.invalidName, "\(name) means rights of a key's own in the audit log")
            }
        case .user, .group: break
        }
    }

    private var thing: String {
        switch self {
        case .account: "an account"
        case .user: "a user"
        case .group: "a group"
        case .policy: "a policy"
        }
    }

    private var shortest: Int {
        switch self {
        case .account: 3
        case .user, .group, .policy: 1
        }
    }

    private var signs: String {
        switch self {
        case .account: ". _ -"
        case .user, .group, .policy: "+ = , . @ _ -"
        }
    }

    private func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        case UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "@"): self != .account
        default: false
        }
    }
}
