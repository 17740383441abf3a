import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import NIOHTTP1

/// A row of the table: an action as the endpoint and the OpenAPI document see it, its type erased.
struct AdminOperation: Sendable {
    /// What an action answers, in the words of the OpenAPI document.
    struct Schema: Sendable {
        let name: String
        let fields: [Parameter]
    }

    /// What a performed action came to.
    struct Result: Sendable {
        let members: JSONWriter
        let document: [UInt8]?
        let madeResources: [String]
        let principal: Principal?
    }

    /// An action whose values are read.
    struct Work: Sendable {
        let resources: @Sendable (AdminCall) async -> [String]
        let account: @Sendable (AdminCall) async -> AccountID?
        let perform: @Sendable (AdminCall) async throws(KMSError) -> Result
        let conclude: @Sendable (AdminCall) async -> Void
    }

    /// The operation's name in audit events.
    let name: String
    let route: AdminRoute
    let need: AdminNeed

    /// The HTTP status of success.
    let status: Int

    /// A sentence without its full stop.
    let summary: StaticString
    let query: [Parameter]
    let body: [Parameter]?
    let schema: Schema
    let start: @Sendable (AdminInput) throws(KMSError) -> Work

    /// Whether the call is about one realm.
    var concernsRealm: Bool { query.contains { "\($0.name)" == "region" } }

    /// - Parameters:
    ///   - path: below the dialect's prefix.
    ///   - status: that of success.
    static func row<Action: AdminAction>(
        _ method: HTTPMethod, _ path: String, _ need: AdminNeed, _ action: Action.Type, status: Int = 200,
        _ summary: StaticString
    ) -> AdminOperation {
        AdminOperation(
            name: String(describing: action), route: AdminRoute(method, path), need: need, status: status,
            summary: summary, query: action.query, body: action.body,
            schema: Schema(name: Action.Answer.schemaName, fields: Action.Answer.fields)
        ) { input throws(KMSError) in
            let action = try Action(input)
            return Work { call in
                await action.resources(in: call)
            } account: { call in
                await action.account(in: call)
            } perform: { call throws(KMSError) in
                let answer = try await action.perform(in: call)
                var json = AdminEnvelope.begin()
                answer.encode(to: &json)
                return Result(
                    members: json, document: answer.document, madeResources: answer.madeResources,
                    principal: answer.principal)
            } conclude: { call in
                await action.conclude(in: call)
            }
        }
    }
}
