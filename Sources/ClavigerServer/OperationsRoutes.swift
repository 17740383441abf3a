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
    private let unsealing = UnsealGate()

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

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/healthz") { _, _ in Self.text("ok\n") }
        router.get("/readyz") { _, _ in await readiness() }
        router.get("/version") { _, _ in version() }
        router.get("/metrics") { _, _ in metrics() }
        router.get("/admin/v1/seal-status") { _, _ in Self.json(.ok) { $0.member("sealed", state.active == nil) } }
        router.post("/admin/v1/unseal") { request, _ in await unseal(request) }
        return router
    }

    // MARK: health

    private func readiness() async -> Response {
        let isUnsealed = state.active != nil
        let auditWorks = state.active?.audit.isHealthy ?? false
        var storeWorks = true
        do throws(KMSError) {
            try await store.checkHealth()
        } catch {
            storeWorks = false
            logger.warning("store is not healthy", metadata: ["error": "\(error.message)"])
        }
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

    /// Takes `{"passphrase": "…"}`, or an empty body to look for the root key file again. Whoever has the passphrase may unseal; one attempt
    /// at a time, and a wrong one costs a second.
    private func unseal(_ request: Request) async -> Response {
        guard await unsealing.enter() else {
            return Self.failure(.tooManyRequests, "busy", "another attempt to unseal is under way")
        }
        let response = await attemptToUnseal(request)
        await unsealing.leave()
        return response
    }

    private func attemptToUnseal(_ request: Request) async -> Response {
        let passphrase: KeyMaterial?
        do {
            var buffer = try await request.body.collect(upTo: 4096)
            let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
            passphrase = try Self.passphrase(in: bytes)
        } catch {
            return Self.failure(.badRequest, "invalidParameter", "the body is {\"passphrase\": \"…\"}, or empty")
        }
        do throws(KMSError) {
            guard try await activation.activate(passphrase: passphrase) else {
                return Self.failure(
                    .conflict, "sealed", "the root key is not at hand; give its passphrase, or put its file in place")
            }
            return Self.json(.ok) { $0.member("sealed", false) }
        } catch {
            logger.warning(
                "unsealing failed",
                metadata: [
                    "error": "\(error.message)", "cause": "\(error.cause.map { String(describing: $0) } ?? "-")",
                ])
            try? await Task.sleep(for: .seconds(1))
            return Self.failure(.forbidden, error.code.rawValue, error.message)
        }
    }

    private static func passphrase(in body: [UInt8]) throws -> KeyMaterial? {
        guard !body.isEmpty else { return nil }
        guard case .object(let members) = try JSONParser.parse(body) else { throw CryptoError.malformed }
        guard let member = members.first else { return nil }
        guard members.count == 1, member.name.elementsEqual("passphrase".utf8), case .string(let text) = member.value
        else {
            throw CryptoError.malformed
        }
        return KeyMaterial(text)
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
