import ClavigerAPI
import ClavigerCore
import ClavigerIdentity
import ClavigerSigning
import NIOHTTP1

/// Finds out who makes a request.
struct HuaweiAuthentication: Sendable {
    /// Somebody who has proved who he is.
    struct Caller: Sendable {
        let principal: Principal
        let rights: Rights

        /// The project that his token is bound to, empty for the whole account; `nil` for a signature, which goes for all projects of the account.
        let project: String?
    }

    /// What a proof has to be verified with.
    enum Evidence: Sendable {
        case credential(Credential)
        case session(Session)
    }

    let credentials: CredentialDirectory
    let clock: WallClock

    /// What is at hand; `nil` means ask ``load(_:)``.
    func resident(_ proof: HuaweiProof) throws(KMSError) -> Evidence? {
        switch proof {
        case .signature(let authorization, _, let token):
            do throws(KMSError) {
                return try credentials.resident(authorization.accessKeyID, token: token).map(Evidence.credential)
            } catch {
                throw Self.ofSignature(error)
            }
        case .token(let token): return try credentials.residentSession(token).map(Evidence.session)
        }
    }

    func load(_ proof: HuaweiProof) async throws(KMSError) -> Evidence {
        switch proof {
        case .signature(let authorization, _, let token):
            do throws(KMSError) {
                return .credential(try await credentials.load(authorization.accessKeyID, token: token))
            } catch {
                throw Self.ofSignature(error)
            }
        case .token(let token): return .session(try await credentials.identitySession(token))
        }
    }

    /// Verifies a proof, and notes who it is that makes the call.
    ///
    /// - Throws: `.signatureMismatch`, `.payloadTooLarge` for a body that was too long to be verified.
    func verify(
        _ proof: HuaweiProof, _ evidence: Evidence, of request: WireRequest, _ record: inout CallRecord
    ) throws(KMSError) -> Caller {
        switch (proof, evidence) {
        case (.signature(let authorization, _, _), .credential(let credential)):
            // Only an id that exists is recorded: what else is sent in its place may be a secret.
            record.accessKeyID = authorization.accessKeyID
            record.account = credential.principal.account
            guard !request.bodyWasTooLarge else { throw KMSError(.payloadTooLarge, "the body is too long") }
            let signed = SDKHMAC.Request(
                method: request.method.rawValue, path: request.path, query: request.query, body: request.body[...])
            let isRight = authorization.isSignature(of: signed, secret: credential.secret) { name in
                var value: String?
                for (field, found) in request.headers where field.isHeader(name) {
                    if value != nil { return nil }
                    value = found
                }
                return value
            }
            guard isRight else { throw KMSError(.signatureMismatch, "the signature does not belong to this request") }
            record.principal = credential.principal
            credential.noteUse(at: clock.now)
            return Caller(principal: credential.principal, rights: credential.rights, project: nil)
        case (.token, .session(let session)):
            record.principal = session.principal
            record.account = session.principal.account
            return Caller(principal: session.principal, rights: session.rights, project: session.project)
        case (.signature, .session), (.token, .credential):
            throw KMSError(.internalFailure, "the evidence is not that of the proof")
        }
    }

    /// Whatever is wrong with temporary credentials, the gateway says no more of them than of a wrong signature.
    private static func ofSignature(_ error: KMSError) -> KMSError {
        switch error.code {
        case .invalidToken, .tokenExpired: error.spelled(.wrongSignature)
        default: error
        }
    }
}
