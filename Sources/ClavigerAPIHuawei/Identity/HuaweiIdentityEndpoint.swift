package import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import NIOHTTP1

/// Serves the identity service.
package final class HuaweiIdentityEndpoint: APIEndpoint {
    /// As many projects a page has at most.
    private static let longestPage = 5000

    private let parts: HuaweiParts
    private let authentication: HuaweiAuthentication

    /// An answer before it has its envelope.
    private struct Answered {
        let json: JSONWriter
        var status = 200
        var headers: [(name: StaticString, value: String)] = []
    }

    package init(_ parts: HuaweiParts) {
        self.parts = parts
        authentication = HuaweiAuthentication(credentials: parts.credentials, clock: parts.kms.clock)
    }

    package func respond(to request: WireRequest) -> Answer {
        let record = parts.recorder.begin(dialect: Huawei.name, source: request.source)
        return .later { await self.answer(request, record) }
    }

    private func answer(_ request: WireRequest, _ record: CallRecord) async -> Reply {
        var record = record
        var isDurable = false
        let result: Result<Answered, KMSError>
        do throws(KMSError) {
            result = .success(try await perform(request, &record, &isDurable))
        } catch {
            result = .failure(error)
        }
        do throws(KMSError) {
            switch result {
            case .success(let answered):
                if isDurable {
                    try await parts.recorder.finishDurably(record, outcome: "ok", error: nil)
                } else {
                    try parts.recorder.finish(record, outcome: "ok", error: nil)
                }
                return IdentityEnvelope.success(
                    answered.json, status: answered.status, requestID: record.requestID, headers: answered.headers)
            case .failure(let error):
                // Who fails cannot make the server wait for its disk.
                try parts.recorder.finish(record, outcome: error.code.rawValue, error: error)
                return IdentityEnvelope.failure(error, requestID: record.requestID)
            }
        } catch {
            return IdentityEnvelope.failure(error, requestID: record.requestID)
        }
    }

    private func perform(
        _ request: WireRequest, _ record: inout CallRecord, _ isDurable: inout Bool
    ) async throws(KMSError) -> Answered {
        let documents = IdentityDocuments(
            origin: parts.addresses.origin(of: request), realms: parts.kms.realms)
        let call = try IdentityCall(request.method, request.path)
        record.action = call.rawValue
        guard !request.bodyWasTooLarge else { throw KMSError(.payloadTooLarge, "the body is too long") }
        if call == .createToken {
            try parts.recorder.requireWorkingLog()
            isDurable = true
            return try await createToken(request, documents, &record)
        }
        let caller = try await authenticate(request, &record)
        guard let account = parts.accounts[caller.principal.account] else {
            throw KMSError(.internalFailure, "the account is not known")
        }
        switch call {
        case .createToken, .inspectToken:
            let token = try await parts.identities.inspect(try Self.subject(request), as: caller.principal)
            return Answered(
                json: documents.token(token, hasCatalog: try Self.hasCatalog(request)),
                headers: [("X-Subject-Token", token.textForHeader)])
        case .revokeToken:
            try parts.recorder.requireWorkingLog()
            isDurable = true
            try await parts.identities.endToken(try Self.subject(request), as: caller.principal)
            return Answered(json: JSONWriter(), status: 204)
        case .listProjects:
            let path = String(decoding: request.path, as: UTF8.self)
            return Answered(
                json: documents.projects(try projects(of: account, request), of: account, path: path))
        case .listDomains:
            return Answered(json: documents.domains(account, path: String(decoding: request.path, as: UTF8.self)))
        }
    }

    private func authenticate(
        _ request: WireRequest, _ record: inout CallRecord
    ) async throws(KMSError) -> HuaweiAuthentication.Caller {
        let proof = try HuaweiProof(request, now: parts.kms.clock.now)
        let evidence =
            if let resident = try authentication.resident(proof) { resident } else {
                try await authentication.load(proof)
            }
        return try authentication.verify(proof, evidence, of: request, &record)
    }
}

// MARK: tokens

extension HuaweiIdentityEndpoint {
    private func createToken(
        _ request: WireRequest, _ documents: IdentityDocuments, _ record: inout CallRecord
    ) async throws(KMSError) -> Answered {
        let asked = try TokenRequest(body: request.body)
        let hasCatalog = try Self.hasCatalog(request)
        do throws(KMSError) {
            let token = try await parts.identities.issueToken(asked)
            record.principal = token.principal
            record.account = token.account.id
            return Answered(
                json: documents.token(token, hasCatalog: hasCatalog), status: 201,
                headers: [("X-Subject-Token", token.textForHeader)])
        } catch {
            record.account = (try? await parts.identities.meant(by: asked.user))?.account?.id
            throw error
        }
    }

    /// The query `nocatalog` with any value leaves the catalog out.
    private static func hasCatalog(_ request: WireRequest) throws(KMSError) -> Bool {
        try !FormParser.parse(request.query, plus: .plus).contains {
            $0.name.elementsEqual("nocatalog".utf8) && !$0.value.isEmpty
        }
    }

    /// The token that the call is about.
    private static func subject(_ request: WireRequest) throws(KMSError) -> String {
        let tokens = request.headers["X-Subject-Token"]
        guard tokens.count == 1, !tokens[0].isEmpty else {
            throw KMSError(.missingParameter, "the header X-Subject-Token is missing")
        }
        return tokens[0]
    }
}

// MARK: projects

extension HuaweiIdentityEndpoint {
    private func projects(of account: Account, _ request: WireRequest) throws(KMSError) -> [Project] {
        let query = try FormParser.parse(request.query, plus: .plus)
        func value(_ name: String) -> String? {
            query.first { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
        }
        func number(_ name: String, _ range: ClosedRange<Int>) throws(KMSError) -> Int? {
            guard let text = value(name) else { return nil }
            guard text.utf8.allSatisfy({ 48...57 ~= $0 }), let number = Int(text), range.contains(number) else {
                throw KMSError(
                    .invalidParameter, "\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        for owner in [value("domain_id"), value("parent_id")].compactMap({ $0 }) where owner != account.domainID {
            return []
        }
        // All projects are enabled, and none stands for the domain itself.
        if value("enabled") == "false" || value("is_domain") == "true" { return [] }
        var projects = parts.projects.projects(of: account.id)
        if let name = value("name") {
            let found = parts.projects.project(named: name, of: account.id, realms: parts.kms.realms)
            projects = found.map { [$0] } ?? []
        }
        let size = try number("per_page", 1...Self.longestPage) ?? Self.longestPage
        let page = try number("page", 1...Int(Int32.max)) ?? 1
        return Array(projects.dropFirst((page - 1) * size).prefix(size))
    }
}

extension IssuedToken {
    fileprivate var textForHeader: String { text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
