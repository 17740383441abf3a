import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import CoreMetrics
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// Health, metrics, version, and unsealing.
struct OperationsRoutes: Sendable {
    let state: ServiceState
    let store: any KeyStore
    let activation: ServiceActivation
    let registry: PrometheusRegistry
    let logger: Logger
    let startedAt = WallClock.system.now

    // Strangers who guess must not keep the operator waiting who sits at the machine.
    private let localUnsealing = UnsealGate()
    private let remoteUnsealing = UnsealGate()
    private let storeHealth = StoreHealth()

    init(
        state: ServiceState, store: any KeyStore, activation: ServiceActivation, registry: PrometheusRegistry,
        logger: Logger
    ) {
        self.state = state
        self.store = store
        self.activation = activation
        self.registry = registry
        self.logger = logger
    }

    func router() -> Router<OperationsContext> {
        let router = Router(context: OperationsContext.self)
        router.get("/healthz") { _, _ in Self.text("ok\n") }
        router.get("/readyz") { _, _ in await readiness() }
        router.get("/version") { _, _ in version() }
        router.get("/metrics") { _, _ in metrics() }
        router.get("/admin/v1/seal-status") { _, _ in Self.json(.ok) { $0.member("sealed", state.active == nil) } }
        router.post("/admin/v1/unseal") { request, context in await unseal(request, context) }
        return router
    }

    // MARK: health

    private func readiness() async -> Response {
        let isUnsealed = state.active != nil
        let auditWorks = state.active?.audit.isHealthy ?? false
        let storeWorks = await storeHealth.check(store, logger)
        let isReady = isUnsealed && storeWorks && auditWorks
        return Self.json(isReady ? .ok : .serviceUnavailable) { json in
            json.member("ready", isReady)
            json.member("sealed", !isUnsealed)
            json.member("store", storeWorks)
            json.member("audit", auditWorks)
        }
    }

    private func version() -> Response {
        Self.json(.ok) { json in
            json.member("name", "claviger")
            json.member("version", Version.current)
        }
    }

    private func metrics() -> Response {
        registry.makeMeter(label: "claviger_sealed", dimensions: []).set(Int64(state.active == nil ? 1 : 0))
        registry.makeMeter(label: "claviger_audit_healthy", dimensions: [])
            .set(Int64(state.active?.audit.isHealthy == true ? 1 : 0))
        registry.makeMeter(label: "process_start_time_seconds", dimensions: []).set(startedAt.seconds)
        if let resident = ProcessMemory.residentBytes {
            registry.makeMeter(label: "process_resident_memory_bytes", dimensions: []).set(resident)
        }
        registry.makeMeter(label: "claviger_memory_lock_refused", dimensions: []).set(
            Int64(LockedMemory.lockWasRefused ? 1 : 0))
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text())))
    }

    // MARK: unsealing

    /// What a request to unseal says: `{"passphrase": "…", "initialize": true}`, or nothing, to look for the root key's file again.
    private struct Unsealing {
        var passphrase: KeyMaterial?

        /// Whether data without a root key gets one made of the passphrase.
        var initializes = false

        init(_ body: [UInt8]) throws {
            guard !body.isEmpty else { return }
            guard case .object(let members) = try JSONParser.parse(body) else { throw CryptoError.malformed }
            for member in members {
                switch (String(decoding: member.name, as: UTF8.self), member.value) {
                case ("passphrase", .string(let text)): passphrase = KeyMaterial(text)
                case ("initialize", .bool(let value)): initializes = value
                default: throw CryptoError.malformed
                }
            }
        }
    }

    /// Whoever has the passphrase may unseal; one attempt at a time, and a wrong one costs a second.
    private func unseal(_ request: Request, _ context: OperationsContext) async -> Response {
        let unsealing = context.isLocal ? localUnsealing : remoteUnsealing
        guard await unsealing.enter() else {
            return Self.failure(.tooManyRequests, "busy", "another attempt to unseal is under way")
        }
        let response = await attemptToUnseal(request, context)
        await unsealing.leave()
        return response
    }

    private func attemptToUnseal(_ request: Request, _ context: OperationsContext) async -> Response {
        let wanted: Unsealing
        do {
            var buffer = try await request.body.collect(upTo: 4096)
            var bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
            defer { bytes.withUnsafeMutableBytes { LockedMemory.wipe($0) } }
            wanted = try Unsealing(bytes)
        } catch {
            return Self.failure(.badRequest, "invalidParameter", "the body is {\"passphrase\": \"…\"}, or empty")
        }
        if state.active != nil, wanted.passphrase != nil {
            // Not a word on whether the passphrase is right: nobody has looked.
            return Self.failure(.conflict, "alreadyUnsealed", "the server is not sealed")
        }
        if wanted.initializes, !context.isLocal {
            return Self.failure(.forbidden, "accessDenied", "a root key is first made on the server's own machine")
        }
        // A server that somebody sealed must not serve again because anybody asks.
        if !context.isLocal, wanted.passphrase == nil || !activation.checksPassphrases {
            return Self.failure(
                .forbidden, "accessDenied",
                "without the root key's passphrase the server is unsealed on its own machine")
        }
        do throws(KMSError) {
            let isServing = try await activation.activate(
                passphrase: wanted.passphrase, mayCreateRootKey: wanted.initializes, source: context.peer)
            guard isServing else {
                return Self.failure(
                    .conflict, "sealed", "the root key is not at hand; give its passphrase, or put its file in place")
            }
            return Self.json(.ok) { $0.member("sealed", false) }
        } catch {
            return await refusal(error, context.peer)
        }
    }

    /// Says what an operator can do about it; paths and reasons are for the log.
    private func refusal(_ error: KMSError, _ source: String) async -> Response {
        logger.warning(
            "unsealing failed",
            metadata: [
                "source": "\(source)", "error": "\(error.message)",
                "cause": "\(error.cause.map { String(describing: $0) } ?? "-")",
            ])
        try? await Task.sleep(for: .seconds(1))
        switch error.code {
        case .sealed:
            return Self.failure(
                .conflict, "uninitialized",
                "this data has no root key yet; `claviger unseal --initialize` makes one of a passphrase")
        case .invalidParameterValue:
            return Self.failure(.badRequest, error.code.rawValue, error.message)
        case .backendFailed:
            return Self.failure(
                .forbidden, error.code.rawValue,
                "this is not the root key (or passphrase) that the data was made with; the server's log says more")
        case .throttled:
            return Self.failure(.tooManyRequests, "busy", error.message)
        default:
            return Self.failure(
                .serviceUnavailable, error.code.rawValue, "the server cannot serve; its log says why")
        }
    }

    // MARK: answers

    private static func text(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func json(_ status: HTTPResponse.Status, _ members: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(members)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes + [UInt8(ascii: "\n")])))
    }

    private static func failure(_ status: HTTPResponse.Status, _ code: String, _ message: String) -> Response {
        json(status) { json in
            json.name("error")
            json.object { json in
                json.member("code", code)
                json.member("message", message)
            }
        }
    }
}

/// Asks the store whether it works, once a second at most: each answer costs it a commit.
private actor StoreHealth {
    private var last: (moment: ContinuousClock.Instant, works: Bool)?

    func check(_ store: any KeyStore, _ logger: Logger) async -> Bool {
        if let last, .now - last.moment < .seconds(1) { return last.works }
        var works = true
        do throws(KMSError) {
            try await store.checkHealth()
        } catch {
            works = false
            logger.warning("store is not healthy", metadata: ["error": "\(error.message)"])
        }
        last = (.now, works)
        return works
    }
}

/// Lets one attempt in at a time: each derivation of a root key takes 128 MiB.
private actor UnsealGate {
    private var isBusy = false

    func enter() -> Bool {
        if isBusy { return false }
        isBusy = true
        return true
    }

    func leave() { isBusy = false }
}

/// What the kernel says of this process.
private enum ProcessMemory {
    static var residentBytes: Int64? {
        guard
            let fields = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " "),
            fields.count > 1,
            let pages = Int64(fields[1])
        else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
