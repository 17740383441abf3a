import ClavigerAPI
import ClavigerCore

/// One operation of the dialect. Path, query and body are checked by their tables first; then `init` reads the values, then the action is
/// performed.
protocol AdminAction: Sendable {
    associatedtype Answer: AdminAnswer

    /// What the query may say.
    static var query: [Parameter] { get }

    /// What the body may say; `nil` if there is none.
    static var body: [Parameter]? { get }

    /// Reads values that have passed the tables; throws for what is wrong with a value.
    init(_ input: AdminInput) throws(KMSError)

    /// What the call is about, for the audit event: ids of keys as they are, other things as `user/alice`.
    var resources: [String] { get }

    /// The same where only the store can tell; asked before the action is performed.
    func resources(in call: AdminCall) async -> [String]

    /// Whose account the call is about, if nobody has proved anything yet; asked before the action is performed.
    func account(in call: AdminCall) async -> AccountID?

    func perform(in call: AdminCall) async throws(KMSError) -> Answer

    /// What is left to do when the call is recorded.
    func conclude(in call: AdminCall) async
}

extension AdminAction {
    static var query: [Parameter] { [] }
    static var body: [Parameter]? { nil }
    var resources: [String] { [] }
    func resources(in call: AdminCall) async -> [String] { resources }
    func account(in call: AdminCall) async -> AccountID? { nil }
    func conclude(in call: AdminCall) async {}
}

/// An action that asks for nothing.
protocol PlainAdminAction: AdminAction {
    init()
}

extension PlainAdminAction {
    init(_ input: AdminInput) throws(KMSError) { self.init() }
}
