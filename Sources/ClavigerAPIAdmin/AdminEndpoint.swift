package import ClavigerAPI
package import ClavigerAudit
package import ClavigerCore
import ClavigerCrypto
package import ClavigerIdentity
import ClavigerSigning
import NIOHTTP1

/// Serves our own dialect.
package final class AdminEndpoint: APIEndpoint {
    private let services: AdminServices
    private let credentials: CredentialDirectory
    private let recorder: CallRecorder
    private let limiter: RateLimiter

    /// The limiter's numbers of the operations that have a rate.
    private let limits: [String: Int]
    private let signingKeys = TC3SigningKeyCache(service: Admin.service)
    private let replays = ReplayGuard(window: Admin.clockWindow)

    /// - Parameters:
    ///   - store: where the names are looked up that somebody tries to sign in by, for the audit log.
    ///   - audit: what finds records of the audit log, on a thread of `searches`.
    ///   - server: what only the server knows and can do.
    package init(
        kms: KeyService, identities: IdentityService, credentials: CredentialDirectory, store: any IdentityStore,
        audit: AuditSearch, searches: WorkerPool, limiter: RateLimiter, recorder: CallRecorder,
        server: AdminServer
    ) {
        services = AdminServices(
            kms: kms, identities: identities, store: store, audit: audit, searches: searches, server: server)
        self.credentials = credentials
        self.limiter = limiter
        limits = Dictionary(
            uniqueKeysWithValues: Admin.operationNames.compactMap { name in
                limiter.limitedAction(named: name).map { (name, $0) }
            })
        self.recorder = recorder
    }

    package func respond(to request: WireRequest) -> Answer {
        let record = recorder.begin(dialect: Admin.name, source: request.source)
        return .later { await self.serve(request, record) }
    }

    private func serve(_ request: WireRequest, _ record: CallRecord) async -> Reply {
        var record = record
        do throws(KMSError) {
            let (operation, segments) = try Self.route(request)
            record.action = operation.name
            try Self.checkFraming(request)
            var caller: AdminCall.Authenticated?
            if operation.need.requiresProof { caller = try await authenticate(request, &record) }
            try admit(operation, record)
            let call = AdminCall(services, permission: operation.need.permission, by: caller)
            let input = try Self.input(of: request, for: operation, segments)
            if operation.concernsRealm { record.realm = try call.realm(input.query.text("region")).id }
            let work = try operation.start(input)
            try recorder.requireWorkingLog()
            record.resources = Self.shortened(await work.resources(call))
            if record.account == nil { record.account = await work.account(call) }
            return await perform(work, of: operation, in: call, record)
        } catch {
            return await finish(
                record, .failure(error), status: 200, isDurable: false,
                methods: error.code == .unsupportedMethod ? Self.methods(at: request.path) : [])
        }
    }

    /// Holds the account to the rate of the operation, if it has one.
    private func admit(_ operation: AdminOperation, _ record: CallRecord) throws(KMSError) {
        guard let principal = record.principal, let limit = limits[operation.name] else { return }
        guard limiter.admit(limit, account: principal.account, now: record.arrival) else {
            throw KMSError(.throttled, "the account calls \(operation.name) too often")
        }
    }

    private func perform(
        _ work: AdminOperation.Work, of operation: AdminOperation, in call: AdminCall, _ record: CallRecord
    ) async -> Reply {
        var record = record
        let result: Result<AdminOperation.Result, KMSError>
        do throws(KMSError) {
            let done = try await work.perform(call)
            try Self.requireDecision(operation, record)
            record.resources = Self.shortened(record.resources + done.madeResources)
            record.principal = record.principal ?? done.principal
            result = .success(done)
        } catch {
            result = .failure(error)
        }
        // Who may not do anything, or only reads, cannot make the server wait for its disk.
        let isDurable =
            record.principal != nil && operation.route.method != .GET && record.access?.decision?.allows ?? true
        let reply = await finish(record, result, status: operation.status, isDurable: isDurable)
        if case .success = result, reply.status == operation.status { await work.conclude(call) }
        return reply
    }
}

extension AdminEndpoint {
    /// Refuses to answer a call whose right nobody has asked: the action has forgotten it.
    private static func requireDecision(_ operation: AdminOperation, _ record: CallRecord) throws(KMSError) {
        guard case .permission = operation.need, let access = record.access, access.decision == nil else { return }
        throw KMSError(.internalFailure, "\(operation.name) did not ask for its permission")
    }
}

// MARK: what is asked

extension AdminEndpoint {
    private static func route(
        _ request: WireRequest
    ) throws(KMSError) -> (operation: AdminOperation, segments: [String: String]) {
        var isKnown = false
        if let path = try PathSegments.decode(request.path.dropFirst(Admin.prefix.utf8.count)) {
            for operation in Admin.operations {
                guard let segments = operation.route.match(path) else { continue }
                if operation.route.method == request.method { return (operation, segments) }
                isKnown = true
            }
        }
        guard isKnown else { throw KMSError(.unknownAction, "nothing is at this path") }
        throw KMSError(.unsupportedMethod, "this path does not take the method \(shortened(request.method.rawValue))")
    }

    /// The methods that something takes at this path.
    private static func methods(at path: ArraySlice<UInt8>) -> [String] {
        guard let path = try? PathSegments.decode(path.dropFirst(Admin.prefix.utf8.count)) else { return [] }
        return Admin.operations.filter { $0.route.match(path) != nil }.map(\.route.method.rawValue)
    }

    private static func checkFraming(_ request: WireRequest) throws(KMSError) {
        guard !request.bodyWasTooLarge else {
            throw KMSError(.payloadTooLarge, "the body is longer than \(Admin.longestBody) bytes")
        }
        guard request.query.count <= Admin.longestQuery else {
            throw KMSError(.payloadTooLarge, "the query is longer than \(Admin.longestQuery) bytes")
        }
    }

    private static func input(
        of request: WireRequest, for operation: AdminOperation, _ segments: [String: String]
    ) throws(KMSError) -> AdminInput {
        let pairs = try FormParser.parse(request.query)
        let query = try ParameterValues(
            try FlattenedParameters.members(pairs, table: operation.query), table: operation.query)
        let members = try members(of: request, isExpected: operation.body != nil)
        let body = try ParameterValues(members, table: operation.body ?? [])
        return AdminInput(segments: segments, query: query, body: body, bodyText: request.body)
    }

    private static func members(
        of request: WireRequest, isExpected: Bool
    ) throws(KMSError) -> [JSONValue.Member] {
        guard !request.body.isEmpty else { return [] }
        guard isExpected else { throw KMSError(.invalidParameter, "this call has no body") }
        guard mediaType(try request.headers.single("Content-Type") ?? "") == Array(AdminEnvelope.contentType.utf8)
        else { throw KMSError(.invalidParameter, "the content type is \(AdminEnvelope.contentType)") }
        do throws(JSONParser.Failure) {
            if case .object(let members) = try JSONParser.parse(request.body) { return members }
        } catch {
            throw KMSError(.invalidParameter, "the body is no JSON object: \(error.reason) at byte \(error.offset)")
        }
        throw KMSError(.invalidParameter, "the body is no JSON object")
    }

    /// The type without its parameters, such as a character set, in lower case.
    private static func mediaType(_ header: String) -> [UInt8] {
        header.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
            .map { 65...90 ~= $0 ? $0 | 0x20 : $0 }
    }
}

// MARK: who asks

extension AdminEndpoint {
    private func authenticate(
        _ request: WireRequest, _ record: inout CallRecord
    ) async throws(KMSError) -> AdminCall.Authenticated {
        let (principal, rights, expiry, session) = try await prove(request, &record)
        let access = Access(rights: rights, facts: AccessFacts(source: request.source, now: services.kms.clock.now))
        record.principal = principal
        record.access = access
        return AdminCall.Authenticated(principal: principal, access: access, expiry: expiry, session: session)
    }

    private func prove(
        _ request: WireRequest, _ record: inout CallRecord
    ) async throws(KMSError) -> (Principal, Rights, expiry: Timestamp?, Session?) {
        switch try AdminProof(request.headers) {
        case .session(let token):
            let session = try await credentials.session(token)
            return (session.principal, session.rights, session.expiry, session)
        case .signature(let signature):
            let id = signature.authorization.accessKeyID
            let credential: Credential
            if let resident = try credentials.resident(id, token: signature.token) {
                credential = resident
            } else {
                credential = try await credentials.load(id, token: signature.token)
            }
            // Only an id that exists is recorded: what else is sent in its place may be a secret.
            record.accessKeyID = id
            record.account = credential.principal.account
            try verify(signature, of: request, credential)
            credential.noteUse(at: services.kms.clock.now)
            return (credential.principal, credential.rights, credential.expiry, nil)
        }
    }

    private func verify(
        _ signature: AdminProof.Signature, of request: WireRequest, _ credential: Credential
    ) throws(KMSError) {
        let (drift, overflow) = signature.timestamp.subtractingReportingOverflow(services.kms.clock.now.seconds)
        guard !overflow, (-Admin.clockWindow...Admin.clockWindow).contains(drift) else {
            throw KMSError(
                .requestExpired, "the timestamp is more than \(Admin.clockWindow) seconds off the server's clock")
        }
        let authorization = signature.authorization
        guard authorization.date.elementsEqual(TC3.date(of: signature.timestamp)) else {
            throw KMSError(.signatureMismatch, "the date in the credential is not that of the timestamp")
        }
        guard authorization.service.elementsEqual(Admin.service.utf8) else {
            throw KMSError(.signatureMismatch, "the service in the credential is \(Admin.service)")
        }
        guard authorization.signs("host"), authorization.signs("content-type") else {
            throw KMSError(.signatureMismatch, "the headers host and content-type must be signed")
        }
        let signed = TC3.Request(
            method: request.method.rawValue, path: request.path, query: request.query, timestamp: signature.timestamp,
            payload: request.body[...])
        let key = signingKeys.key(
            for: authorization.accessKeyID, secret: credential.secret, date: authorization.date)
        let isRight = authorization.isSignature(of: signed, under: key) { name in
            let values = request.headers[String(decoding: name, as: UTF8.self)]
            return values.count == 1 ? values[0] : nil
        }
        guard isRight else { throw KMSError(.signatureMismatch, "the signature does not belong to this request") }
        if request.method != .GET { try refuseReplay(authorization, signature.timestamp) }
    }

    /// What changes something is done once for each signature. Two equal calls within a second differ by a header that is signed too.
    private func refuseReplay(_ authorization: TC3Authorization, _ timestamp: Int64) throws(KMSError) {
        let isNew = replays.accept(
            accessKeyID: authorization.accessKeyID, timestamp: timestamp, nonce: Array(authorization.signature),
            now: services.kms.clock.now.seconds)
        guard isNew else {
            throw KMSError(
                .requestReplayed,
                "this very call was made before; two equal calls within a second need different values of a signed header"
            )
        }
    }
}

// MARK: the end of a call

extension AdminEndpoint {
    private func finish(
        _ record: CallRecord, _ result: Result<AdminOperation.Result, KMSError>, status: Int, isDurable: Bool,
        methods: [String] = []
    ) async -> Reply {
        let (outcome, failure) =
            switch result {
            case .success: ("ok", KMSError?.none)
            case .failure(let error): (error.code.admin, error)
            }
        do throws(KMSError) {
            if isDurable {
                try await recorder.finishDurably(record, outcome: outcome, error: failure)
            } else {
                try recorder.finish(record, outcome: outcome, error: failure)
            }
            let answer = try result.get()
            if let document = answer.document {
                return AdminEnvelope.reply(document, status: status)
            }
            return AdminEnvelope.success(answer.members, status: status, requestID: record.requestID)
        } catch {
            return AdminEnvelope.failure(error, methods: methods, requestID: record.requestID)
        }
    }

    /// Words for the audit event. Names that exist are not longer; what else is sent in their place would only fill the log.
    private static func shortened(_ words: [String]) -> [String] { words.map { shortened($0) } }

    private static func shortened(_ word: String) -> String { String(decoding: word.utf8.prefix(96), as: UTF8.self) }
}
