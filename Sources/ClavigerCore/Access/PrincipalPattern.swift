/// Whom of its account a statement of a key's policy is about.
package enum PrincipalPattern: Hashable, Sendable {
    case everybody
    case number(IdentityNumber)
    case name(Glob)
    /// The identity with this id.
    case identity(String)

    func covers(_ principal: Principal) -> Bool {
        switch self {
        case .everybody: true
        case .number(let number): principal.number == number
        case .name(let glob): glob.matches(principal.name.utf8)
        case .identity(let id): principal.identity == id
        }
    }
}
