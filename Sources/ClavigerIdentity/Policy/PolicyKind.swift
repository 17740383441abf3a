/// What a policy hangs on.
package enum PolicyKind: Hashable, Sendable {
    /// Users and groups.
    case identity

    /// A key; such a policy says for whom its statements are.
    case key
}
