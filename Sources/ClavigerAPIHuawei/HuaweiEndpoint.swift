package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import NIOHTTP1

/// Serves the KMS.
package final class HuaweiEndpoint: APIEndpoint {
    private let parts: HuaweiParts
    private let kms: KeyService
    private let authentication: HuaweiAuthentication
    private let realms: [RealmID: Realm]
    private let versions: HuaweiVersions

    /// Those whose path has one piece, by that piece; no two differ in the method alone.
    private let shortOperations: [String: LimitedOperation]
    private let longOperations: [LimitedOperation]

    private struct LimitedOperation: Sendable {
        let operation: HuaweiOperation
        let limit: Int?
    }

    package init(_ parts: HuaweiParts) {
        self.parts = parts
        kms = parts.kms
        authentication = HuaweiAuthentication(credentials: parts.credentials, clock: parts.kms.clock)
        realms = Dictionary(parts.kms.realms.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        versions = HuaweiVersions(addresses: parts.addresses)
        let operations = Huawei.operations.map {
            LimitedOperation(operation: $0, limit: parts.limiter.limitedAction(named: $0.name))
        }
        longOperations = operations.filter { $0.operation.route.segments.count > 1 }
        shortOperations = Dictionary(
            uniqueKeysWithValues: operations.filter { $0.operation.route.segments.count == 1 }
                .map { ($0.operation.route.name, $0) })
    }

    package func respond(to request: WireRequest) -> Answer {
        var record = recorder.begin(dialect: Huawei.name, source: request.source)
        do throws(KMSError) {
            if let version = versions.answer(to: request) {
                record.action = HuaweiVersions.action
                return .now(finish(record, .success(version)))
            }
            let proof = try HuaweiProof(request, now: kms.clock.now)
            guard request.body.count <= Huawei.longBody, let evidence = try authentication.resident(proof) else {
                let record = record
                return .later { await self.fetchEvidence(proof, of: request, record) }
            }
            return answer(request, proof, evidence, &record)
        } catch {
            return .now(finish(record, .failure(error)))
        }
    }

    private func fetchEvidence(_ proof: HuaweiProof, of request: WireRequest, _ record: CallRecord) async -> Reply {
        var record = record
        do throws(KMSError) {
            let evidence = try await authentication.load(proof)
            return await answer(request, proof, evidence, &record).reply()
        } catch {
            return finish(record, .failure(error))
        }
    }

    private func answer(
        _ request: WireRequest, _ proof: HuaweiProof, _ evidence: HuaweiAuthentication.Evidence,
        _ record: inout CallRecord
    ) -> Answer {
        do throws(KMSError) {
            let caller = try authentication.verify(proof, evidence, of: request, &record)
            guard let path = HuaweiPath(request.path) else { throw Self.unknownURL }
            let asked = operation(request.method, path)
            if let asked { record.action = asked.limited.operation.name }
            let (account, realm) = try place(of: path.project, for: caller)
            record.realm = realm.id
            guard let (limited, parameters) = asked else { throw Self.unknownURL }
            if let limit = limited.limit, !parts.limiter.admit(limit, account: account.id, now: record.arrival) {
                throw KMSError(.throttled, "the account calls \(limited.operation.name) too often")
            }
            guard parts.defaultKeys.isReady(in: KeyScope(account: account.id, realm: realm.id)) else {
                let record = record
                return .later {
                    await self.prepare(account, realm, record) { record in
                        self.perform(limited.operation, parameters, request, caller, account, realm, &record)
                    }
                }
            }
            return perform(limited.operation, parameters, request, caller, account, realm, &record)
        } catch {
            return .now(finish(record, .failure(error)))
        }
    }

    /// Makes the account's default key in the realm before the call goes on.
    private func prepare(
        _ account: Account, _ realm: Realm, _ record: CallRecord,
        _ next: @Sendable (inout CallRecord) -> Answer
    ) async -> Reply {
        var record = record
        do throws(KMSError) {
            try await parts.defaultKeys.prepare(for: account, in: realm)
        } catch {
            return finish(record, .failure(error))
        }
        return await next(&record).reply()
    }

    private func perform(
        _ operation: HuaweiOperation, _ parameters: [String: String], _ request: WireRequest,
        _ who: HuaweiAuthentication.Caller, _ account: Account, _ realm: Realm, _ record: inout CallRecord
    ) -> Answer {
        do throws(KMSError) {
            let access =
                who.rights.isRoot
                ? .root
                : Access(rights: who.rights, facts: AccessFacts(source: request.source, now: kms.clock.now))
            let caller = Caller(
                principal: who.principal, realm: realm, permission: operation.permission, access: access)
            record.access = access
            if case .all(let kind) = operation.permission.scope { try caller.require(on: .all(kind)) }
            guard !request.bodyWasTooLarge else { throw KMSError(.payloadTooLarge, "the body is too long") }
            let values = HuaweiValues(members: try Self.members(of: request), parameters: parameters)
            let call = HuaweiCall(
                kms: kms, caller: caller, account: account, configuration: parts.configuration,
                isIdentity: { [identities = parts.identities] id throws(KMSError) in
                    try await identities.isIdentity(id, of: account.id)
                })
            let started = operation.start(values, call)
            record.resources = started.resources.map(\.description)
            return try answer(started.progress, record, pool: kms.pools.privateKeys)
        } catch {
            return .now(finish(record, .failure(error)))
        }
    }
}

// MARK: the checks, in the contract's order

extension HuaweiEndpoint {
    private static let unknownURL = KMSError(.unknownAction, "no action has this method and path")

    /// Where the caller's keys of a project are.
    private func place(
        of project: String, for caller: HuaweiAuthentication.Caller
    ) throws(KMSError) -> (account: Account, realm: Realm) {
        let found = parts.projects[project].flatMap { $0.account == caller.principal.account ? $0 : nil }
        if let own = caller.project {
            guard own == project, found != nil else {
                throw KMSError(HuaweiCode.wrongProject, "the token is not of this project")
            }
        }
        guard let found else { throw KMSError(.accessDenied, "no project of the account").spelled(.noAccessToKey) }
        guard let account = parts.accounts[found.account], let realm = realms[found.realm] else {
            throw KMSError(.internalFailure, "the project's account or region is not known")
        }
        return (account, realm)
    }

    private func operation(
        _ method: HTTPMethod, _ path: HuaweiPath
    ) -> (limited: LimitedOperation, parameters: [String: String])? {
        if path.pieces.count == 1 {
            guard let limited = shortOperations[path.pieces[0]], limited.operation.route.method == method else {
                return nil
            }
            return (limited, [:])
        }
        for limited in longOperations where limited.operation.route.method == method {
            if let parameters = limited.operation.route.parameters(of: path.pieces) { return (limited, parameters) }
        }
        return nil
    }

    /// The members of the body, where one is read: that of GET never is, and DELETE need not have one.
    private static func members(of request: WireRequest) throws(KMSError) -> [JSONValue.Member] {
        if request.method == .GET || request.method == .DELETE && request.body.isEmpty { return [] }
        let reason: String
        do throws(JSONParser.Failure) {
            if case .object(let members) = try JSONParser.parse(request.body) { return members }
            reason = "the body is no JSON object"
        } catch {
            reason = "the body is no JSON: \(error.reason) at byte \(error.offset)"
        }
        throw KMSError(HuaweiCode.malformedJSON, reason)
    }
}

// MARK: the end of a call

extension HuaweiEndpoint: CallEnding {
    package var recorder: CallRecorder { parts.recorder }

    package func word(for error: KMSError) -> String { error.huawei.word }

    package func success(_ outcome: HuaweiOutcome, requestID: String) -> Reply {
        HuaweiEnvelope.success(outcome.json, status: outcome.status, requestID: requestID)
    }

    package func failure(_ error: KMSError, requestID: String) -> Reply {
        HuaweiEnvelope.failure(error, requestID: requestID)
    }
}
