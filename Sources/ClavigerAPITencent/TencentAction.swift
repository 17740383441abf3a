import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// One action of the dialect. The parameter table is checked first; then `init` reads the values, then the action is performed.
protocol TencentAction: Sendable {
    associatedtype Response: TencentResponse

    static var parameters: [Parameter] { get }

    /// Whether the call must name a region.
    static var needsRegion: Bool { get }

    /// Reads values that have passed the table; throws for what is wrong with a value, key ids first.
    init(_ values: ParameterValues) throws(KMSError)

    /// The keys that the call is about, for the audit event.
    var resources: [KeyID] { get }
}

extension TencentAction {
    static var needsRegion: Bool { true }
    var resources: [KeyID] { [] }
}

/// An action that goes to the store, and is on the disk in the audit log before its answer leaves.
protocol ManagementAction: TencentAction {
    func perform(in call: Call) async throws(KMSError) -> Response
}

/// An action that waits for nothing once its keys are at hand, and is answered on the event loop that read it.
protocol DataPlaneAction: TencentAction {
    /// The keys that ``perform(with:in:)`` gets, in this order.
    var keys: [KeyID] { get }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response

    /// Whether ``perform(with:in:)`` computes so long that other calls must not wait for it: it is then done by a pool of threads.
    func computesLong(with keys: [ResidentKey]) -> Bool

    /// The caller as the key at this position of ``keys`` sees it, if the call needs another permission for it.
    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller

    /// What it means that the key at this position of ``keys`` does not exist.
    func failure(missingKeyAt index: Int) -> KMSError
}

extension DataPlaneAction {
    var keys: [KeyID] { [] }
    var resources: [KeyID] { keys }
    func computesLong(with keys: [ResidentKey]) -> Bool { false }
    func caller(_ caller: Caller, ofKeyAt index: Int) -> Caller { caller }
    func failure(missingKeyAt index: Int) -> KMSError { .keyNotFound(keys[index]) }
}

/// A value that is read at once and used, or complained about, only when the key has admitted the operation. What waits for a thread is then
/// the value, and not the whole request.
struct Deferred<Value: Sendable>: Sendable {
    private let result: Result<Value, KMSError>

    init(_ read: () throws(KMSError) -> Value) {
        do throws(KMSError) { result = .success(try read()) } catch { result = .failure(error) }
    }

    func get() throws(KMSError) -> Value { try result.get() }
}

/// The members of a successful answer, besides RequestId.
protocol TencentResponse: Sendable {
    func encode(to json: inout JSONWriter)

    /// Keys that the call made, for the audit event.
    var madeKeys: [KeyID] { get }
}

extension TencentResponse {
    var madeKeys: [KeyID] { [] }
}

/// An answer without members of its own.
struct EmptyResponse: TencentResponse {
    func encode(to json: inout JSONWriter) {}
}

/// What an action may use.
struct Call: Sendable {
    let kms: KeyService
    let caller: Caller
    let configuration: TencentConfiguration
    let envelope: any TencentEnvelope.Type
}
