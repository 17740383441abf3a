import ClavigerCore

/// Whom somebody claims to be, before the password was compared.
struct SignIn: Sendable {
    /// `nil` if there is none like it, as the identity.
    let account: Account?
    let identity: Identity?

    /// What attempts are counted by: the account's number, `/` and the user's name, or what was said in the place of what does not exist.
    let counted: String
}
