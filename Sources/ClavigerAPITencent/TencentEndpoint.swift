package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import ClavigerIdentity
import ClavigerSigning
import NIOHTTP1

/// Serves one generation of the API.
package final class TencentEndpoint: APIEndpoint {
    private let generation: any TencentGeneration.Type
    private let kms: KeyService
    private let credentials: CredentialDirectory
    private let limiter: RateLimiter
    package let recorder: CallRecorder
    private let configuration: TencentConfiguration
    private let operations: [String: (operation: TencentOperation, limit: Int?)]
    private let realms: [String: Realm]
    private let signingKeys = TC3SigningKeyCache(service: Tencent.service)
    private let replays = ReplayGuard(window: Tencent.clockWindow)

    /// Serves API 2019-01-18.
    package convenience init(
        kms: KeyService, credentials: CredentialDirectory, limiter: RateLimiter, recorder: CallRecorder,
        configuration: TencentConfiguration
    ) {
        self.init(
            Tencent.self, kms: kms, credentials: credentials, limiter: limiter, recorder: recorder,
            configuration: configuration)
    }

    /// Serves the legacy API v2.
    package convenience init(
        legacy kms: KeyService, credentials: CredentialDirectory, limiter: RateLimiter, recorder: CallRecorder,
        configuration: TencentConfiguration
    ) {
        self.init(
            TencentLegacy.self, kms: kms, credentials: credentials, limiter: limiter, recorder: recorder,
            configuration: configuration)
    }

    private init(
        _ generation: any TencentGeneration.Type, kms: KeyService, credentials: CredentialDirectory,
        limiter: RateLimiter, recorder: CallRecorder, configuration: TencentConfiguration
    ) {
        self.generation = generation
        self.kms = kms
        self.credentials = credentials
        self.limiter = limiter
        self.recorder = recorder
        self.configuration = configuration
        operations = Dictionary(
            uniqueKeysWithValues: generation.actions.map {
                ($0.name, ($0, limiter.limitedAction(named: $0.name)))
            })
        realms = Dictionary(
            kms.realms.flatMap { realm in generation.names(of: realm).map { ($0, realm) } },
            uniquingKeysWith: { first, _ in first })
    }

    package func respond(to request: WireRequest) -> Answer {
        var record = recorder.begin(dialect: generation.name, source: request.source)
        do throws(KMSError) {
            let asked = try generation.parse(request)
            guard let credential = try credentials.resident(asked.accessKeyID, token: asked.token) else {
                let record = record
                return .later { await self.fetchCredential(for: asked, of: request, record) }
            }
            return answer(asked, of: request, credential, &record)
        } catch {
            return .now(finish(record, .failure(error)))
        }
    }

    private func fetchCredential(
        for asked: TencentRequest, of request: WireRequest, _ record: CallRecord
    ) async -> Reply {
        var record = record
        do throws(KMSError) {
            let credential = try await credentials.load(asked.accessKeyID, token: asked.token)
            return await answer(asked, of: request, credential, &record).reply()
        } catch {
            return finish(record, .failure(error))
        }
    }

    private func answer(
        _ asked: TencentRequest, of request: WireRequest, _ credential: Credential, _ record: inout CallRecord
    ) -> Answer {
        do throws(KMSError) {
            // Only an id that exists is recorded: what else is sent in its place may be a secret.
            record.accessKeyID = asked.accessKeyID
            record.account = credential.principal.account
            try verify(asked, of: request, credential)
            record.principal = credential.principal
            credential.noteUse(at: kms.clock.now)
            let (operation, limit) = try operation(asked)
            record.action = operation.name
            let realm = try realm(asked, for: operation)
            record.realm = realm.id
            if let limit, !limiter.admit(limit, account: credential.principal.account, now: record.arrival) {
                throw KMSError(.throttled, "the account calls \(operation.name) too often")
            }
            try refuseReplay(asked)
            let caller = caller(credential, needing: operation.permission, in: realm, source: request.source)
            record.access = caller.access
            if case .all(let kind) = operation.permission.scope { try caller.require(on: .all(kind)) }
            let call = Call(
                kms: kms, caller: caller, configuration: configuration, envelope: generation.envelope)
            let values: ParameterValues
            do throws(KMSError) {
                values = try self.values(asked, for: operation)
            } catch {
                throw Self.preferred(error, for: caller)
            }
            let started: (resources: [KeyID], progress: CallProgress<TencentMembers>)
            do throws(KMSError) {
                started = try operation.start(values, call)
            } catch {
                // Whatever is wrong with the other values, the record names the key that was meant.
                record.resources = values.namedKeys.map(\.description)
                throw Self.preferred(error, for: caller)
            }
            record.resources = started.resources.map(\.description)
            return try answer(started.progress, record, pool: kms.pools.privateKeys)
        } catch {
            return .now(finish(record, .failure(error)))
        }
    }
}

// MARK: the checks, in the contract's order

extension TencentEndpoint {
    private func verify(_ asked: TencentRequest, of request: WireRequest, _ credential: Credential) throws(KMSError) {
        let (drift, overflow) = asked.timestamp.subtractingReportingOverflow(kms.clock.now.seconds)
        guard !overflow, (-Tencent.clockWindow...Tencent.clockWindow).contains(drift) else {
            throw KMSError(
                .requestExpired, "the timestamp is more than \(Tencent.clockWindow) seconds off the server's clock")
        }
        switch asked.signature {
        case .tc3(let authorization, let signed):
            guard authorization.date.elementsEqual(TC3.date(of: asked.timestamp)) else {
                throw KMSError(.signatureMismatch, "the date in the credential is not that of the timestamp")
            }
            guard authorization.service.elementsEqual(Tencent.service.utf8) else {
                throw KMSError(.signatureMismatch, "the service in the credential is \(Tencent.service)")
            }
            guard authorization.signs("host"), authorization.signs("content-type") else {
                throw KMSError(.signatureMismatch, "the headers host and content-type must be signed")
            }
            let key = signingKeys.key(for: asked.accessKeyID, secret: credential.secret, date: authorization.date)
            let isRight = authorization.isSignature(of: signed, under: key) { name in
                for (field, value) in request.headers where field.isHeader(name) { return value }
                return nil
            }
            guard isRight else { throw KMSError(.signatureMismatch, "the signature does not belong to this request") }
        case .v1(let signature, let signed, let host, let algorithm, _):
            let isRight = signed.contains { pairs in
                let text = TencentV1Signature.text(
                    method: request.method.rawValue, host: host, path: String(decoding: request.path, as: UTF8.self),
                    parameters: pairs.map { ($0.name, $0.value) })
                return TencentV1Signature.verify(
                    signature, of: text, secret: credential.secret, algorithm: algorithm)
            }
            guard isRight else {
                throw KMSError(.signatureMismatch, "the signature does not belong to this request")
            }
        }
    }

    private func operation(
        _ asked: TencentRequest
    ) throws(KMSError) -> (operation: TencentOperation, limit: Int?) {
        guard let action = asked.action, !action.isEmpty else {
            throw KMSError(.missingParameter, "the action is missing")
        }
        guard let operation = operations[action] else {
            throw KMSError(.unknownAction, "no action \(shortened(action)) in this API")
        }
        try generation.requireVersion(asked.version)
        return operation
    }

    private func realm(_ asked: TencentRequest, for operation: TencentOperation) throws(KMSError) -> Realm {
        guard let name = asked.region, !name.isEmpty else {
            if generation.hasDefaultRegion || !operation.needsRegion, let realm = kms.realms.first { return realm }
            throw KMSError(.missingParameter, "the region is missing")
        }
        guard let realm = realms[name] else { throw KMSError(.unknownRealm, "no region \(shortened(name)) here") }
        return realm
    }

    private func refuseReplay(_ asked: TencentRequest) throws(KMSError) {
        guard case .v1(_, _, _, _, let nonce) = asked.signature else { return }
        let isNew = replays.accept(
            accessKeyID: asked.accessKeyID, timestamp: asked.timestamp, nonce: nonce, now: kms.clock.now.seconds)
        guard isNew else { throw KMSError(.requestReplayed, "the nonce was used before") }
    }

    private func caller(
        _ credential: Credential, needing permission: Permission, in realm: Realm, source: String
    ) -> Caller {
        let access =
            credential.rights.isRoot
            ? .root : Access(rights: credential.rights, facts: AccessFacts(source: source, now: kms.clock.now))
        return Caller(principal: credential.principal, realm: realm, permission: permission, access: access)
    }

    /// The error of a call whose parameters are wrong: who may not call the action at all hears nothing of parameters.
    private static func preferred(_ error: KMSError, for caller: Caller) -> KMSError {
        caller.access.rights.mayAllow(caller.permission) ? error : caller.refuse()
    }

    private func values(_ asked: TencentRequest, for operation: TencentOperation) throws(KMSError) -> ParameterValues {
        switch asked.parameters {
        case .form(let pairs):
            return try ParameterValues(
                try FlattenedParameters.members(pairs, table: operation.parameters), table: operation.parameters)
        case .json(let body):
            return try ParameterValues(try Self.members(body), table: operation.parameters)
        }
    }

    private static func members(_ body: [UInt8]) throws(KMSError) -> [JSONValue.Member] {
        guard !body.isEmpty else { return [] }
        do throws(JSONParser.Failure) {
            if case .object(let members) = try JSONParser.parse(body) { return members }
        } catch {
            throw KMSError(.invalidParameter, "the body is no JSON object: \(error.reason) at byte \(error.offset)")
        }
        throw KMSError(.invalidParameter, "the body is no JSON object")
    }
}

// MARK: the end of a call

extension TencentEndpoint: CallEnding {
    package func word(for error: KMSError) -> String { error.code.tencent }

    package func success(_ members: TencentMembers, requestID: String) -> Reply {
        generation.envelope.success(members.json, requestID: requestID)
    }

    package func failure(_ error: KMSError, requestID: String) -> Reply {
        generation.envelope.failure(error, requestID: requestID)
    }
}

/// A word from outside in quotation marks, for a message; of a long one, the beginning.
private func shortened(_ word: String) -> String { "\"\(String(decoding: word.utf8.prefix(64), as: UTF8.self))\"" }
