import ClavigerCore
import ClavigerTesting

extension KeyServiceFixture {
    /// A user with what the statements give, who calls from 192.0.2.7.
    static func user(
        _ name: String, account: Int64 = 1, realm: String = "south", _ statements: PolicyStatement...
    ) -> Caller {
        Caller(
            principal: Principal(
                account: AccountID(account), identity: identity(name), number: IdentityNumber(1000), name: name,
                isRoot: false, accessKeyID: "AKID"),
            realm: Realm.builtIn.first { $0.id.name == realm } ?? Realm.builtIn[0], permission: .describeKey,
            access: Access(
                rights: Rights([Policy(name: "users", statements: statements)]),
                facts: AccessFacts(source: "192.0.2.7:4711", now: SampleKey.moment)))
    }

    /// The id of the user of this name.
    static func identity(_ name: String) -> String { "id of \(name)" }
}

extension PolicyStatement {
    static func rule(
        _ effect: Effect, _ permissions: Permission..., of resources: [ResourcePattern] = [.everything],
        if conditions: PolicyCondition...
    ) -> PolicyStatement {
        PolicyStatement(
            label: StatementLabel(policy: "users", number: 1), effect: effect,
            permissions: PermissionSet(permissions), resources: .these(resources), conditions: conditions)
    }
}

/// How calls end that are made at once: the codes of those that fail, `nil` for the others.
func outcomes(
    of count: Int, _ call: @escaping @Sendable (Int) async throws(KMSError) -> Void
) async -> [KMSError.Code?] {
    await withTaskGroup(of: KMSError.Code?.self) { group in
        for number in 0..<count {
            group.addTask {
                do throws(KMSError) {
                    try await call(number)
                    return nil
                } catch {
                    return error.code
                }
            }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
}
