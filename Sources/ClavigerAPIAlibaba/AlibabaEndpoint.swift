package import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import NIOHTTP1

/// Serves the dialect.
package final class AlibabaEndpoint: APIEndpoint {
    private let parts: AlibabaParts
    private let kms: KeyService
    private let authentication: AlibabaAuthentication
    private let operations: [String: (operation: AlibabaOperation, limit: Int?)]

    package init(_ parts: AlibabaParts) {
        self.parts = parts
        kms = parts.kms
        authentication = AlibabaAuthentication(clock: parts.kms.clock)
        operations = Dictionary(
            uniqueKeysWithValues: Alibaba.operations.map {
                ($0.name, ($0, parts.limiter.limitedAction(named: $0.name)))
            })
    }

    package func respond(to request: WireRequest) -> Answer {
        var record = parts.recorder.begin(dialect: Alibaba.name, source: request.source)
        record.realm = parts.configuration.realm.id
        let asked: AlibabaRequest
        do throws(KMSError) {
            asked = try AlibabaRequest(request)
        } catch {
            let ending = AlibabaEnding(recorder: parts.recorder, envelope: AlibabaEnvelope(of: request))
            return .now(ending.finish(record, .failure(error)))
        }
        let envelope = AlibabaEnvelope(host: AlibabaEnvelope.host(of: request), isXML: asked.values.wantsXML)
        let ending = AlibabaEnding(recorder: parts.recorder, envelope: envelope)
        do throws(KMSError) {
            let proof = try AlibabaProof(asked, request.headers)
            guard
                let credential = try parts.credentials.resident(proof.accessKeyID, token: proof.securityToken)
            else {
                let record = record
                return .later { await self.fetchCredential(for: proof, asked, of: request, record, ending) }
            }
            return answer(proof, asked, of: request, credential, &record, ending)
        } catch {
            return .now(ending.finish(record, .failure(error)))
        }
    }

    private func fetchCredential(
        for proof: AlibabaProof, _ asked: AlibabaRequest, of request: WireRequest, _ record: CallRecord,
        _ ending: AlibabaEnding
    ) async -> Reply {
        var record = record
        do throws(KMSError) {
            let credential = try await parts.credentials.load(proof.accessKeyID, token: proof.securityToken)
            return await answer(proof, asked, of: request, credential, &record, ending).reply()
        } catch {
            return ending.finish(record, .failure(error))
        }
    }

    private func answer(
        _ proof: AlibabaProof, _ asked: AlibabaRequest, of request: WireRequest, _ credential: Credential,
        _ record: inout CallRecord, _ ending: AlibabaEnding
    ) -> Answer {
        do throws(KMSError) {
            // Only an id that exists is recorded: what else is sent in its place may be a secret.
            record.accessKeyID = proof.accessKeyID
            record.account = credential.principal.account
            try authentication.verify(proof, asked, of: request, credential)
            record.principal = credential.principal
            credential.noteUse(at: kms.clock.now)
            guard proof.version == Alibaba.version else {
                throw KMSError(.unsupportedVersion, "the version is \(Alibaba.version)")
            }
            guard let (operation, limit) = operations[proof.action] else {
                throw KMSError(.unknownAction, "no action has this name")
            }
            record.action = operation.name
            if let limit, !parts.limiter.admit(limit, account: credential.principal.account, now: record.arrival) {
                throw KMSError(.throttled, "the account calls \(operation.name) too often")
            }
            let access =
                credential.rights.isRoot
                ? Access.root
                : Access(
                    rights: credential.rights, facts: AccessFacts(source: request.source, now: kms.clock.now))
            let caller = Caller(
                principal: credential.principal, realm: parts.configuration.realm, permission: operation.permission,
                access: access)
            if operation.needsPermission {
                record.access = access
                if case .all(let kind) = operation.permission.scope { try caller.require(on: .all(kind)) }
            }
            let call = AlibabaCall(
                kms: kms, secrets: parts.secrets, caller: caller, region: parts.configuration.region,
                wantsXML: ending.envelope.isXML)
            let started = operation.start(asked.values, call)
            record.resources = started.resources
            return try ending.answer(started.progress, record, pool: kms.pools.privateKeys)
        } catch {
            return .now(ending.finish(record, .failure(error)))
        }
    }
}
