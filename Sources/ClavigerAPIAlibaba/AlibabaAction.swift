import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// One action of the dialect, named by its type.
///
/// A call is checked in the contract's order (section 2.3): `init` reads all parameters; then the resources that they name are looked up; then
/// the states of these are asked for.
protocol AlibabaAction: Sendable {
    associatedtype Response: AlibabaResponse

    /// The parameters that a call must have, and not empty.
    static var required: [StaticString] { get }

    /// What a key's state means that does not allow the call; `nil` for the code of that state.
    static var stateCode: AlibabaCode? { get }

    /// Reads values; throws for what is wrong with one.
    init(_ values: AlibabaValues) throws(KMSError)

    /// What the call names, for the audit event.
    var resources: [String] { get }
}

extension AlibabaAction {
    static var required: [StaticString] { [] }
    static var stateCode: AlibabaCode? { nil }
    var resources: [String] { [] }
}

/// An action that waits for nothing and needs no key, answered on the event loop that read it.
protocol DataPlaneAction: AlibabaAction {
    func perform(in call: AlibabaCall) throws(KMSError) -> Response
}

/// An action that waits for nothing once its keys are at hand, answered on the event loop that read it.
protocol ResidentKeysAction: AlibabaAction {
    /// In the order in which they are looked up.
    var keys: [AlibabaKeyName] { get }

    /// Who asks for the key at `index`, as an action with two keys needs a right of its own for each.
    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller

    /// - Parameter keys: there for the caller, in the order of ``keys``.
    func perform(with keys: [ResidentKey], in call: AlibabaCall) throws(KMSError) -> Response

    /// Whether ``perform(with:in:)`` computes so long that other calls must not wait for it: it is then done by a pool of threads.
    func computesLong(with keys: [ResidentKey]) -> Bool
}

extension ResidentKeysAction {
    var resources: [String] { keys.compactMap(\.resource) }
    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller { caller }
    func computesLong(with keys: [ResidentKey]) -> Bool { false }
}

/// A ``ResidentKeysAction`` with one key.
protocol ResidentKeyAction: ResidentKeysAction {
    var key: AlibabaKeyName { get }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response
    func computesLong(with key: ResidentKey) -> Bool
}

extension ResidentKeyAction {
    var keys: [AlibabaKeyName] { [key] }
    func computesLong(with key: ResidentKey) -> Bool { false }

    func perform(with keys: [ResidentKey], in call: AlibabaCall) throws(KMSError) -> Response {
        try perform(with: keys[0], in: call)
    }

    func computesLong(with keys: [ResidentKey]) -> Bool { computesLong(with: keys[0]) }
}

/// An action that goes to the store.
protocol WaitingAction: AlibabaAction {
    func perform(in call: AlibabaCall) async throws(KMSError) -> Response
}

/// An action that changes nothing.
protocol ReadingAction: WaitingAction {}

/// An action that may change something, and is on the disk in the audit log before its answer leaves.
protocol ManagementAction: WaitingAction {}

/// The members of a successful answer.
protocol AlibabaResponse: Sendable {
    func encode(to json: inout JSONWriter)

    /// Whether every character of the answer counts, so that one which XML does not have makes an answer in XML an error.
    var mustBeExact: Bool { get }

    /// Keys that the call made, or named by something else than their ids, for the audit event.
    var madeKeys: [KeyID] { get }
}

extension AlibabaResponse {
    var mustBeExact: Bool { false }
    var madeKeys: [KeyID] { [] }
}

/// An answer that says nothing but that it was done.
struct EmptyResponse: AlibabaResponse {
    func encode(to json: inout JSONWriter) {}
}
