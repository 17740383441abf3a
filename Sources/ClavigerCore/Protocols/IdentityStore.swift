/// Where accounts, identities and policies rest. Every implementation passes `IdentityStoreContract`.
///
/// A change is durable before its call returns. Failures of the store itself are `.storeUnavailable`. Names are compared byte for byte. What
/// changes or deletes something that is not there throws `.identityNotFound`, `.policyNotFound` and so on, what comes into an account that is
/// not there `.accountNotFound`; what is in the way of a new name is `.nameExists`.
package protocol IdentityStore: Sendable {
    // MARK: accounts

    /// Stores an account with its root identity, access key and projects in one transaction.
    ///
    /// - Throws: `.nameExists` if an account has its number or name, or an identity its number.
    func insert(
        _ account: Account, root: Identity, accessKey: AccessKey, projects: [Project]
    ) async throws(KMSError)

    /// All accounts, in the order in which they were made, whatever the clock said then: the first stays the first for ever.
    func accounts() async throws(KMSError) -> [Account]
    func account(_ id: AccountID) async throws(KMSError) -> Account?
    func account(named name: String) async throws(KMSError) -> Account?

    /// Enables or disables an account. Disabling ends the sessions of all its identities as of `moment`, in the same transaction.
    ///
    /// - Throws: `.accountNotFound`.
    func setEnabled(_ isEnabled: Bool, account: AccountID, at moment: Timestamp) async throws(KMSError)

    /// The account's projects, by realm and name.
    func projects(of account: AccountID) async throws(KMSError) -> [Project]
    func project(_ id: String) async throws(KMSError) -> Project?

    /// - Throws: `.nameExists` if the account has a project of this name.
    func insert(_ project: Project) async throws(KMSError)

    /// - Throws: `.projectNotFound`.
    func deleteProject(_ id: String, of account: AccountID) async throws(KMSError)

    // MARK: identities

    /// Stores a user.
    ///
    /// - Parameter limit: as many users the account can have; the root identity is none.
    /// - Throws: `.nameExists` if an identity of the account has this name, or any the number; `.tooMany`.
    func insert(_ identity: Identity, limit: Int) async throws(KMSError)
    func identity(_ id: String) async throws(KMSError) -> Identity?
    func identity(named name: String, in account: AccountID) async throws(KMSError) -> Identity?

    /// A page of the account's identities by name, those behind `name`; the root identity among them.
    func identities(of account: AccountID, after name: String?, limit: Int) async throws(KMSError) -> [Identity]

    /// Changes what can change of an identity, in one transaction.
    ///
    /// - Returns: the identity as it is now.
    /// - Throws: `.identityNotFound`, `.rootIdentity` if a root identity would be disabled, or what `change` throws.
    @discardableResult
    func changeIdentity(
        _ id: String, _ change: @escaping @Sendable (inout Identity) throws(KMSError) -> Void
    ) async throws(KMSError) -> Identity

    /// Deletes a user with its access keys, memberships and attachments.
    ///
    /// - Throws: `.identityNotFound`, also for a root identity.
    func deleteIdentity(_ id: String) async throws(KMSError)

    // MARK: access keys

    /// The access key and the identity that it belongs to; `nil` if there is none.
    func accessKey(_ id: String) async throws(KMSError) -> (accessKey: AccessKey, identity: Identity)?

    /// The identity's access keys, oldest first, those of one second by id.
    func accessKeys(of identity: String) async throws(KMSError) -> [AccessKey]

    /// - Throws: `.tooManyAccessKeys` if the identity has ``AccessKey/mostPerIdentity`` already, `.identityNotFound`.
    func insert(_ accessKey: AccessKey) async throws(KMSError)

    /// - Throws: `.accessKeyNotFound`, `.lastRootKey` if a root identity would be left without an enabled access key.
    func setEnabled(_ isEnabled: Bool, accessKey id: String) async throws(KMSError)

    /// - Throws: `.accessKeyNotFound`, `.lastRootKey` if a root identity would be left without an enabled access key.
    func deleteAccessKey(_ id: String) async throws(KMSError)

    /// Notes when access keys last signed; those that are gone are passed over.
    func noteUse(of accessKeys: [String: Timestamp]) async throws(KMSError)

    // MARK: groups

    /// - Parameter limit: as many groups the account can have.
    /// - Throws: `.nameExists`, `.tooMany`.
    func insert(_ group: Group, limit: Int) async throws(KMSError)
    func group(named name: String, in account: AccountID) async throws(KMSError) -> Group?

    /// A page of the account's groups by name, those behind `name`.
    func groups(of account: AccountID, after name: String?, limit: Int) async throws(KMSError) -> [Group]

    /// - Throws: `.groupNotFound`.
    func setDescription(_ text: String, group id: String) async throws(KMSError)

    /// Deletes a group with its memberships; its users stay.
    ///
    /// - Throws: `.groupNotFound`, `.policyInUse` if policies are attached: what they deny must not be allowed by the way.
    func deleteGroup(_ id: String) async throws(KMSError)

    /// Puts identities into a group; those that are in it already stay.
    ///
    /// - Parameter limit: as many groups each of them can be in.
    /// - Throws: `.groupNotFound`, `.identityNotFound`, `.tooMany`; nothing is then changed.
    func addMembers(_ identities: [String], to group: String, limit: Int) async throws(KMSError)

    /// Takes identities out of a group; those that are not in it do not matter.
    func removeMembers(_ identities: [String], from group: String) async throws(KMSError)

    /// The group's members, by name.
    func members(of group: String) async throws(KMSError) -> [Identity]

    /// The groups that an identity is in, by name.
    func groups(ofIdentity id: String) async throws(KMSError) -> [Group]

    // MARK: policies

    /// - Parameter limit: as many policies the account can have.
    /// - Throws: `.nameExists`, `.tooMany`.
    func insert(_ policy: StoredPolicy, limit: Int) async throws(KMSError)
    func policy(named name: String, in account: AccountID) async throws(KMSError) -> StoredPolicy?

    /// A page of the account's policies by name, those behind `name`.
    func policies(of account: AccountID, after name: String?, limit: Int) async throws(KMSError) -> [StoredPolicy]

    /// Changes what can change of a policy, in one transaction.
    ///
    /// - Returns: the policy as it is now.
    /// - Throws: `.policyNotFound`, or what `change` throws.
    @discardableResult
    func changePolicy(
        _ id: String, _ change: @escaping @Sendable (inout StoredPolicy) throws(KMSError) -> Void
    ) async throws(KMSError) -> StoredPolicy

    /// - Throws: `.policyNotFound`, `.policyInUse` if it is attached.
    func deletePolicy(_ id: String) async throws(KMSError)

    /// Attaches a policy; nothing changes if it is attached already.
    ///
    /// - Parameter limit: as many policies the holder itself can have.
    /// - Throws: `.policyNotFound`, `.identityNotFound`, `.groupNotFound`, `.tooMany`.
    func attach(policy id: String, to holder: PolicyHolder, limit: Int) async throws(KMSError)

    /// Detaches a policy; nothing changes if it is not attached.
    func detach(policy id: String, from holder: PolicyHolder) async throws(KMSError)

    /// What is attached to the holder itself, by name.
    func policies(attachedTo holder: PolicyHolder) async throws(KMSError) -> [StoredPolicy]

    /// Whom a policy is attached to: users by name, then groups by name.
    func holders(ofPolicy id: String) async throws(KMSError) -> (users: [Identity], groups: [Group])

    /// All policies that an identity is under, by itself and by its groups, each once, by name.
    func policies(applyingTo identity: String) async throws(KMSError) -> [StoredPolicy]

    // MARK: revoked tokens

    /// Notes that a token is void, until it would be by its age.
    func revokeToken(_ id: [UInt8], expiry: Timestamp) async throws(KMSError)

    /// Tokens that are void before their time, at `moment`; older notes are forgotten.
    func revokedTokens(at moment: Timestamp) async throws(KMSError) -> [[UInt8]]
}

/// What stores say of limits and of what is in use.
extension KMSError {
    package static func tooManyUsers(_ limit: Int) -> KMSError {
        KMSError(.tooMany, "the account has \(limit) users, which is as many as it can have")
    }

    package static func tooManyGroups(_ limit: Int) -> KMSError {
        KMSError(.tooMany, "the account has \(limit) groups, which is as many as it can have")
    }

    package static func tooManyPolicies(_ limit: Int) -> KMSError {
        KMSError(.tooMany, "the account has \(limit) policies, which is as many as it can have")
    }

    package static func tooManyGroupsOfUser(_ limit: Int) -> KMSError {
        KMSError(.tooMany, "the user is in \(limit) groups, which is as many as one can be in")
    }

    package static func tooManyPoliciesOfHolder(_ limit: Int) -> KMSError {
        KMSError(.tooMany, "at most \(limit) policies can be attached")
    }

    package static func groupHasPolicies(_ group: Group) -> KMSError {
        KMSError(.policyInUse, "policies are attached to the group \(group.name)")
    }
}
