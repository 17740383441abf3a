import ClavigerCore
import NIOHTTP1

extension Admin {
    /// Every operation, by its path below ``prefix``: the table of contents.
    static let operations: [AdminOperation] = [
        // This API, and who speaks it
        .row(.GET, "/openapi.json", .nothing, GetOpenAPI.self, "Shows this API in the words of OpenAPI"),
        .row(.POST, "/sessions", .nothing, OpenSession.self, status: 201, "Signs in by a password, for 12 hours"),
        .row(.DELETE, "/sessions/current", .proof, EndSession.self, "Ends the session of this call"),
        .row(.GET, "/whoami", .proof, WhoAmI.self, "Shows whom the server takes the caller for"),

        // Accounts
        .row(.GET, "/accounts", .permission(.listAccounts), ListAccounts.self, "Lists accounts, for the operator"),
        .row(
            .POST, "/accounts", .permission(.createAccount), CreateAccount.self, status: 201,
            "Makes an account with a root identity, for the operator"),
        .row(
            .GET, "/accounts/{account}", .permission(.listAccounts), DescribeAccount.self,
            "Shows an account by name or number, for the operator"),
        .row(
            .PATCH, "/accounts/{account}", .permission(.updateAccount), UpdateAccount.self,
            "Enables or disables an account, for the operator"),
        .row(.GET, "/account", .permission(.getAccount), GetAccount.self, "Shows the caller's account"),
        .row(.GET, "/projects", .permission(.listProjects), ListProjects.self, "Lists projects"),
        .row(.POST, "/projects", .permission(.createProject), CreateProject.self, status: 201, "Makes a project"),
        .row(.DELETE, "/projects/{id}", .permission(.deleteProject), DeleteProject.self, "Deletes a project"),

        // Users
        .row(.GET, "/users", .permission(.listUsers), ListUsers.self, "Lists users"),
        .row(.POST, "/users", .permission(.createUser), CreateUser.self, status: 201, "Makes a user"),
        .row(.GET, "/users/{user}", .permission(.getUser), GetUser.self, "Shows a user"),
        .row(
            .PATCH, "/users/{user}", .permission(.updateUser), UpdateUser.self,
            "Changes a user's description, enables or disables it"),
        .row(.DELETE, "/users/{user}", .permission(.deleteUser), DeleteUser.self, "Deletes a user"),
        .row(
            .PUT, "/users/{user}/password", .permissionForOthers(.setPassword), SetPassword.self,
            "Gives a user a password; one's own with the present one"),
        .row(
            .DELETE, "/users/{user}/password", .permission(.setPassword), RemovePassword.self,
            "Takes a user's password away"),
        .row(
            .DELETE, "/users/{user}/sessions", .permission(.updateUser), EndUserSessions.self,
            "Voids a user's sessions and temporary credentials"),

        // Access keys
        .row(
            .GET, "/users/{user}/access-keys", .permission(.listAccessKeys), ListAccessKeys.self,
            "Lists a user's access keys"),
        .row(
            .POST, "/users/{user}/access-keys", .permission(.createAccessKey), CreateAccessKey.self, status: 201,
            "Gives a user an access key, of which it can have two"),
        .row(
            .PATCH, "/users/{user}/access-keys/{id}", .permission(.updateAccessKey), UpdateAccessKey.self,
            "Enables or disables an access key"),
        .row(
            .DELETE, "/users/{user}/access-keys/{id}", .permission(.deleteAccessKey), DeleteAccessKey.self,
            "Deletes an access key"),
        .row(
            .POST, "/temporary-credentials", .permissionForOthers(.createTemporaryCredentials),
            CreateTemporaryCredentials.self, status: 201, "Gives oneself or a user credentials that expire"),

        // Groups
        .row(.GET, "/groups", .permission(.listGroups), ListGroups.self, "Lists groups"),
        .row(.POST, "/groups", .permission(.createGroup), CreateGroup.self, status: 201, "Makes a group"),
        .row(.GET, "/groups/{group}", .permission(.getGroup), GetGroup.self, "Shows a group"),
        .row(
            .PATCH, "/groups/{group}", .permission(.updateGroup), UpdateGroup.self, "Changes a group's description"),
        .row(.DELETE, "/groups/{group}", .permission(.deleteGroup), DeleteGroup.self, "Deletes a group"),
        .row(
            .PUT, "/groups/{group}/members/{user}", .permission(.changeGroupMembers), AddGroupMember.self,
            "Puts a user into a group"),
        .row(
            .DELETE, "/groups/{group}/members/{user}", .permission(.changeGroupMembers), RemoveGroupMember.self,
            "Takes a user out of a group"),

        // Policies
        .row(.GET, "/policies", .permission(.listPolicies), ListPolicies.self, "Lists policies"),
        .row(.POST, "/policies", .permission(.createPolicy), CreatePolicy.self, status: 201, "Stores a policy"),
        .row(.POST, "/policies/check", .proof, CheckPolicy.self, "Says what is wrong with a policy"),
        .row(
            .POST, "/policies/test", .permission(.testPolicy), TestPolicy.self,
            "Says whether a user may do something, and which statement decides"),
        .row(.GET, "/policies/{policy}", .permission(.getPolicy), GetPolicy.self, "Shows a policy"),
        .row(
            .PATCH, "/policies/{policy}", .permission(.updatePolicy), UpdatePolicy.self,
            "Replaces a policy's description or document"),
        .row(.DELETE, "/policies/{policy}", .permission(.deletePolicy), DeletePolicy.self, "Deletes a policy"),
        .row(
            .PUT, "/users/{user}/policies/{policy}", .permission(.attachPolicy), AttachUserPolicy.self,
            "Attaches a policy to a user"),
        .row(
            .DELETE, "/users/{user}/policies/{policy}", .permission(.attachPolicy), DetachUserPolicy.self,
            "Detaches a policy from a user"),
        .row(
            .PUT, "/groups/{group}/policies/{policy}", .permission(.attachPolicy), AttachGroupPolicy.self,
            "Attaches a policy to a group"),
        .row(
            .DELETE, "/groups/{group}/policies/{policy}", .permission(.attachPolicy), DetachGroupPolicy.self,
            "Detaches a policy from a group"),
        .row(.GET, "/keys/{key}/policy", .permission(.getKeyPolicy), GetKeyPolicy.self, "Shows a key's own policy"),
        .row(
            .PUT, "/keys/{key}/policy", .permission(.putKeyPolicy), PutKeyPolicy.self,
            "Gives a key a policy of its own"),
        .row(
            .DELETE, "/keys/{key}/policy", .permission(.putKeyPolicy), DeleteKeyPolicy.self,
            "Takes a key's own policy away"),

        // The server
        .row(.GET, "/audit", .permission(.searchAudit), SearchAudit.self, "Finds records of the audit log"),
        .row(
            .GET, "/status", .permission(.getServerStatus), GetServerStatus.self,
            "Shows how the server fares, for the operator"),
        .row(.POST, "/seal", .permission(.sealServer), SealServer.self, "Seals the server, for the operator"),
    ]
}

extension Admin {
    /// The names of all operations, as audit events and the settings of rates have them.
    package static var operationNames: [String] { operations.map(\.name) }
}
