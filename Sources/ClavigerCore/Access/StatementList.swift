/// Statements of one effect, ready to be asked.
struct StatementList: Sendable {
    /// The permissions stand beside the statement: most statements are passed over, and need not be touched for that.
    private struct Entry {
        let permissions: PermissionSet
        let statement: PolicyStatement
    }

    private let entries: [Entry]

    init(_ effect: PolicyStatement.Effect, of statements: [PolicyStatement]) {
        entries = statements.filter { $0.effect == effect }
            .map { Entry(permissions: $0.permissions, statement: $0) }
    }

    /// The first statement about what is asked.
    ///
    /// The parameters come one by one: a value that held them all would be copied for each request.
    func first(
        covering permission: Permission, _ resource: AccessResource, _ texts: inout ResourceTexts, _ realm: Realm,
        _ principal: Principal, _ facts: AccessFacts
    ) -> StatementLabel? {
        for index in entries.indices where entries[index].permissions.contains(permission) {
            let statement = entries[index].statement
            if statement.covers(resource, &texts, realm, principal, facts) { return statement.label }
        }
        return nil
    }

    func contains(_ permission: Permission) -> Bool { entries.contains { $0.permissions.contains(permission) } }
}
