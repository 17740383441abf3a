import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

/// A call of each operation that succeeds for the operator's root in the world that ``prepare(_:)`` makes.
struct AdminSample: Sendable, CustomTestStringConvertible {
    let operation: String
    let method: HTTPMethod

    /// `{accessKey}`, `{key}`, `{project}` stand for what the world has.
    let path: String
    let body: String

    var testDescription: String { operation }

    private init(_ operation: String, _ method: HTTPMethod, _ path: String, _ body: String = "") {
        self.operation = operation
        self.method = method
        self.path = path
        self.body = body
    }

    static let policy = #"{"version":"2.0","statement":{"effect":"allow","action":"name/kms:Encrypt","resource":"*"}}"#
    static let keyPolicy =
        #"{"version":"2.0","statement":{"principal":{"qcs":"*"},"effect":"allow","action":"name/kms:Encrypt","resource":"*"}}"#

    static let all: [AdminSample] = [
        .init("GetOpenAPI", .GET, "/openapi.json"),
        .init("OpenSession", .POST, "/sessions", #"{"user":"alice","password":"correct horse"}"#),
        .init("WhoAmI", .GET, "/whoami"),
        .init("ListAccounts", .GET, "/accounts"),
        .init("CreateAccount", .POST, "/accounts", #"{"name":"newcomer","id":4711}"#),
        .init("DescribeAccount", .GET, "/accounts/customer"),
        .init("UpdateAccount", .PATCH, "/accounts/customer", #"{"enabled":false}"#),
        .init("GetAccount", .GET, "/account"),
        .init("ListProjects", .GET, "/projects"),
        .init("CreateProject", .POST, "/projects", #"{"region":"ap-guangzhou","name":"cn-south-1_app"}"#),
        .init("DeleteProject", .DELETE, "/projects/{project}"),
        .init("ListUsers", .GET, "/users"),
        .init("CreateUser", .POST, "/users", #"{"name":"bob","description":"x"}"#),
        .init("GetUser", .GET, "/users/alice"),
        .init("UpdateUser", .PATCH, "/users/alice", #"{"enabled":false,"description":"y"}"#),
        .init("DeleteUser", .DELETE, "/users/alice"),
        .init("SetPassword", .PUT, "/users/alice/password", #"{"password":"battery staple"}"#),
        .init("RemovePassword", .DELETE, "/users/alice/password"),
        .init("EndUserSessions", .DELETE, "/users/alice/sessions"),
        .init("ListAccessKeys", .GET, "/users/alice/access-keys"),
        .init("CreateAccessKey", .POST, "/users/alice/access-keys", "{}"),
        .init("UpdateAccessKey", .PATCH, "/users/alice/access-keys/{accessKey}", #"{"enabled":false}"#),
        .init("DeleteAccessKey", .DELETE, "/users/alice/access-keys/{accessKey}"),
        .init(
            "CreateTemporaryCredentials", .POST, "/temporary-credentials", #"{"user":"alice","durationSeconds":900}"#),
        .init("ListGroups", .GET, "/groups"),
        .init("CreateGroup", .POST, "/groups", #"{"name":"others"}"#),
        .init("GetGroup", .GET, "/groups/staff"),
        .init("UpdateGroup", .PATCH, "/groups/staff", #"{"description":"z"}"#),
        .init("DeleteGroup", .DELETE, "/groups/empty"),
        .init("AddGroupMember", .PUT, "/groups/staff/members/alice"),
        .init("RemoveGroupMember", .DELETE, "/groups/staff/members/alice"),
        .init("ListPolicies", .GET, "/policies"),
        .init("CreatePolicy", .POST, "/policies", #"{"name":"writers","document":\#(policy)}"#),
        .init("CheckPolicy", .POST, "/policies/check", #"{"document":\#(policy)}"#),
        .init(
            "TestPolicy", .POST, "/policies/test",
            #"{"user":"alice","action":"name/kms:Encrypt","resource":"*","context":{"a":"b"}}"#),
        .init("GetPolicy", .GET, "/policies/readers"),
        .init("UpdatePolicy", .PATCH, "/policies/readers", #"{"document":\#(policy),"description":"new"}"#),
        .init("DeletePolicy", .DELETE, "/policies/unused"),
        .init("AttachUserPolicy", .PUT, "/users/alice/policies/unused", "{}"),
        .init("DetachUserPolicy", .DELETE, "/users/alice/policies/readers"),
        .init("AttachGroupPolicy", .PUT, "/groups/staff/policies/unused"),
        .init("DetachGroupPolicy", .DELETE, "/groups/staff/policies/readers"),
        .init("GetKeyPolicy", .GET, "/keys/{key}/policy?region=south"),
        .init("PutKeyPolicy", .PUT, "/keys/{key}/policy?region=gz", #"{"document":\#(keyPolicy)}"#),
        .init("DeleteKeyPolicy", .DELETE, "/keys/{key}/policy"),
        .init("SearchAudit", .GET, "/audit"),
        .init("GetServerStatus", .GET, "/status"),
        .init("SealServer", .POST, "/seal"),
    ]

    /// What the samples are about.
    struct World: Sendable {
        fileprivate let names: [String: String]

        /// The sample's path with the names of this world.
        func path(of sample: AdminSample) -> String {
            names.reduce(sample.path) { $0.replacing($1.key, with: $1.value) }
        }
    }

    /// - Parameter sample: what the world is for; only who signs in needs a password, which takes a while to make.
    static func prepare(_ fixture: AdminFixture, for sample: AdminSample? = nil) async throws -> World {
        let root = fixture.root
        let password = sample?.operation == "OpenSession" ? #","password":"correct horse""# : ""
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"\#(password)}"#)
        let accessKey = try await fixture.call(root, .POST, "/users/alice/access-keys")["id"]?.text
        try await fixture.call(root, .POST, "/groups", #"{"name":"staff","description":"x"}"#)
        try await fixture.call(root, .POST, "/groups", #"{"name":"empty"}"#)
        try await fixture.call(root, .PUT, "/groups/staff/members/alice")
        for name in ["readers", "unused"] {
            try await fixture.call(root, .POST, "/policies", #"{"name":"\#(name)","document":\#(policy)}"#)
        }
        try await fixture.call(root, .PUT, "/users/alice/policies/readers")
        try await fixture.call(root, .PUT, "/groups/staff/policies/readers")
        let key = try await fixture.makeKey().description
        try await fixture.call(root, .PUT, "/keys/\(key)/policy", #"{"document":\#(keyPolicy)}"#)
        return World(names: [
            "{accessKey}": accessKey ?? "", "{key}": key, "{project}": fixture.foundations[0].projects[0].id,
        ])
    }
}
