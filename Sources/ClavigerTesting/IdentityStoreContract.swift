package import ClavigerCore
import Testing

/// What every store of identities keeps to.
///
/// A store's tests run ``checks`` as the arguments of one test, each on a store that it may fill:
///
///     @Test(arguments: IdentityStoreContract.checks)
///     func `A memory store keeps to the contract of identities`(check: IdentityStoreContract.Check) async throws {
///         try await check.run(MemoryKeyStore())
///     }
package enum IdentityStoreContract {
    /// One sentence of the contract.
    package struct Check: Sendable, CustomTestStringConvertible {
        package let sentence: String
        package let run: @Sendable (any IdentityStore) async throws -> Void

        init(_ sentence: String, _ run: @escaping @Sendable (any IdentityStore) async throws -> Void) {
            self.sentence = sentence
            self.run = run
        }

        package var testDescription: String { sentence }
    }

    package static let checks: [Check] =
        accounts + projects + identities + accessKeys + groups + policies + attachments + revokedTokens
}

extension IdentityStore {
    /// Stores a sample account.
    func insertAccount(_ number: Int64) async throws -> SampleAccount {
        let account = SampleAccount(number: number)
        try await account.insert(into: self)
        return account
    }

    /// Stores users of the account, numbered from a thousand times the account's number on.
    func insertUsers(_ names: String..., in account: SampleAccount) async throws -> [Identity] {
        var users: [Identity] = []
        for (index, name) in names.enumerated() {
            let user = account.user(name, number: account.account.id.number * 1000 + Int64(index))
            try await insert(user)
            users.append(user)
        }
        return users
    }

    func insertGroups(_ names: String..., in account: SampleAccount) async throws -> [Group] {
        let groups = names.map { account.group($0) }
        for group in groups { try await insert(group) }
        return groups
    }

    func insertPolicies(_ names: String..., in account: SampleAccount) async throws -> [StoredPolicy] {
        let policies = names.map { account.policy($0) }
        for policy in policies { try await insert(policy) }
        return policies
    }
}

/// Runs `body` as often as said, at once, with a number each time, and expects just as many to be too many.
func expectRefusals(
    _ refusals: Int, of count: Int, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: @escaping @Sendable (Int) async throws -> Void
) async {
    let codes = await withTaskGroup(of: KMSError.Code?.self) { group in
        for number in 0..<count {
            group.addTask {
                do {
                    try await body(number)
                    return nil
                } catch {
                    return (error as? KMSError)?.code ?? .internalFailure
                }
            }
        }
        return await group.compactMap(\.self).reduce(into: []) { $0.append($1) }
    }
    #expect(codes == Array(repeating: .tooMany, count: refusals), sourceLocation: sourceLocation)
}
