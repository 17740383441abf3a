import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// One action of the dialect.
///
/// A call is checked in the contract's order (section 5): the members that it must have, its sequence, the key that it names, whether that is a
/// default key; then `init` reads the values; then the action is performed.
protocol HuaweiAction: Sendable {
    associatedtype Response: HuaweiResponse

    static var route: HuaweiRoute { get }

    /// What it is called in audit events.
    static var name: String { get }

    /// The members that a body must have, `key_id` among them.
    static var required: [StaticString] { get }

    /// Where the call says which key it is about.
    static var keySource: HuaweiKeySource { get }

    /// Whether default master keys are spared: the call gets KMS.0211.
    static var sparesDefaultKeys: Bool { get }

    /// What a key's state means that does not allow the call; `nil` for the code of that state.
    static var stateCode: HuaweiCode? { get }

    /// Reads values; throws for what is wrong with one.
    init(_ values: HuaweiValues) throws(KMSError)
}

extension HuaweiAction {
    static var name: String { route.name }
    static var required: [StaticString] { [] }
    static var keySource: HuaweiKeySource { .none }
    static var sparesDefaultKeys: Bool { false }
    static var stateCode: HuaweiCode? { nil }
}

/// An action that waits for nothing and needs no key, answered on the event loop that read it.
protocol DataPlaneAction: HuaweiAction {
    func perform(in call: HuaweiCall) throws(KMSError) -> Response
}

/// An action that waits for nothing once its key is at hand, answered on the event loop that read it.
protocol KeyDataPlaneAction: HuaweiAction {
    /// The key that a ciphertext names, for actions that find it there; it is then the one that the action gets.
    var keyOfCiphertext: KeyID? { get }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response

    /// Whether ``perform(with:in:)`` computes so long that other calls must not wait for it: it is then done by a pool of threads.
    func computesLong(with key: ResidentKey) -> Bool
}

extension KeyDataPlaneAction {
    static var keySource: HuaweiKeySource { .member }
    var keyOfCiphertext: KeyID? { nil }
    func computesLong(with key: ResidentKey) -> Bool { false }
}

/// An action that goes to the store, and is on the disk in the audit log before its answer leaves.
protocol ManagementAction: HuaweiAction {
    func perform(in call: HuaweiCall) async throws(KMSError) -> Response
}

/// A ``ManagementAction`` about one key.
protocol KeyManagementAction: HuaweiAction {
    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response
}

extension KeyManagementAction {
    static var keySource: HuaweiKeySource { .member }
}

/// The members of a successful answer.
protocol HuaweiResponse: Sendable {
    /// 200, or 204 for an answer without a body.
    static var status: Int { get }

    func encode(to json: inout JSONWriter)

    /// Keys that the call made, for the audit event.
    var madeKeys: [KeyID] { get }
}

extension HuaweiResponse {
    static var status: Int { 200 }
    var madeKeys: [KeyID] { [] }
}

/// The answer `{}`.
struct EmptyResponse: HuaweiResponse {
    func encode(to json: inout JSONWriter) {}
}

/// An answer without a body.
struct NoContent: HuaweiResponse {
    static var status: Int { 204 }
    func encode(to json: inout JSONWriter) {}
}

/// What an action may use.
struct HuaweiCall: Sendable {
    let kms: KeyService
    let caller: Caller
    let account: Account
    let configuration: HuaweiConfiguration

    /// Whether this is the id of an identity of the account.
    let isIdentity: @Sendable (String) async throws(KMSError) -> Bool
}
