import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning
import ClavigerTesting
import Foundation
import NIOHTTP1

/// Makes signed requests as the vendor's SDKs do.
struct AlibabaClient: Sendable {
    /// How a request is signed and where its parameters are.
    enum Form: CaseIterable, Sendable {
        /// As the newer SDK sends it: all in the query of a POST, but the value of a secret in a form.
        case acs3Post
        case acs3Get
        /// All in a form.
        case acs3Form
        /// As the older SDK sends it: all in the query of a POST.
        case v1Post
        case v1Get
        case v1Form
        /// The common parameters in the query, those of the action in a form.
        case v1Split

        var isACS3: Bool {
            switch self {
            case .acs3Post, .acs3Get, .acs3Form: true
            case .v1Post, .v1Get, .v1Form, .v1Split: false
            }
        }

        var method: HTTPMethod {
            switch self {
            case .acs3Get, .v1Get: .GET
            case .acs3Post, .acs3Form, .v1Post, .v1Form, .v1Split: .POST
            }
        }
    }

    static let host = "127.0.0.1:7700"
    static let version = "2016-01-20"

    let accessKeyID: String
    let secret: KeyMaterial
    let clock: ManualClock

    /// What comes with temporary credentials.
    var token: String?

    /// A signed request.
    func request(
        _ action: String, _ parameters: [(String, String)] = [], form: Form = .acs3Post, format: String? = nil
    ) -> WireRequest {
        let parameters = parameters + (format.map { [("Format", $0)] } ?? [])
        return form.isACS3
            ? acs3(action, parameters, form: form).wire() : v1(action, parameters, form: form).wire()
    }

    // MARK: the newer signature

    /// A call, signed by ACS3.
    func acs3(_ action: String, _ parameters: [(String, String)] = [], form: Form = .acs3Post) -> AlibabaDraft {
        var draft = AlibabaDraft(method: form.method)
        for parameter in parameters {
            if form == .acs3Form || form == .acs3Post && parameter.0 == "SecretData" {
                draft.form.append(parameter)
            } else {
                draft.query.append(parameter)
            }
        }
        draft.headers = [
            ("Host", Self.host), ("User-Agent", "test/1.0"), ("x-acs-action", action),
            ("x-acs-version", Self.version), ("x-acs-date", date()), ("x-acs-signature-nonce", UUID().uuidString),
            ("accept", "application/json"),
        ]
        if !draft.form.isEmpty { draft.set("content-type", AlibabaDraft.formType) }
        if let token { draft.set("x-acs-security-token", token) }
        sign(&draft)
        return draft
    }

    /// Sets the headers x-acs-content-sha256 and Authorization, over whatever the draft has.
    ///
    /// - Parameters:
    ///   - unsigned: headers that are left out.
    ///   - hash: what is said to be the body's hash, if not that.
    func sign(_ draft: inout AlibabaDraft, without unsigned: Set<String> = [], hash: String? = nil) {
        draft.set("Authorization", nil)
        draft.set("x-acs-content-sha256", hash ?? ACS3.contentHash(of: draft.body))
        var signed: [String: String] = [:]
        for (name, value) in draft.headers where !unsigned.contains(name.lowercased()) {
            signed[name.lowercased()] = value
        }
        let names = signed.keys.sorted().joined(separator: ";")
        let canonical = ACS3.canonicalRequest(
            method: draft.method.rawValue, query: draft.query.map { (Array($0.0.utf8), Array($0.1.utf8)) },
            signedNames: Array(names.utf8)[...]
        ) { signed[String(decoding: $0, as: UTF8.self)] }
        let text = ACS3.stringToSign(canonicalRequest: canonical ?? [])
        let code = text.withUnsafeBytes { Hex.string(HMACSHA256(key: secret).code(for: $0)) }
        draft.set(
            "Authorization", "ACS3-HMAC-SHA256 Credential=\(accessKeyID),SignedHeaders=\(names),Signature=\(code)")
    }

    // MARK: the older signature

    /// A call, signed over its parameters.
    ///
    /// - Parameter changes: other common parameters, or none for `nil`.
    func v1(
        _ action: String, _ parameters: [(String, String)] = [], form: Form = .v1Post,
        changes: [(String, String?)] = []
    ) -> AlibabaDraft {
        var common = [
            ("Action", action), ("Version", Self.version), ("AccessKeyId", accessKeyID),
            ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0"), ("SignatureNonce", UUID().uuidString),
            ("Timestamp", date()),
        ]
        if let token { common.append(("SecurityToken", token)) }
        for (name, value) in changes {
            common.removeAll { $0.0 == name }
            if let value { common.append((name, value)) }
        }
        var draft = AlibabaDraft(method: form.method)
        draft.headers = [("Host", Self.host), ("User-Agent", "test/1.0")]
        switch form {
        case .v1Form: draft.form = common + parameters
        case .v1Split: (draft.query, draft.form) = (common, parameters)
        case .v1Post, .v1Get, .acs3Post, .acs3Get, .acs3Form: draft.query = common + parameters
        }
        if !draft.form.isEmpty { draft.set("content-type", AlibabaDraft.formType) }
        sign(parametersOf: &draft)
        return draft
    }

    /// Adds the parameter Signature where the others are.
    func sign(parametersOf draft: inout AlibabaDraft) {
        let text = AlibabaRPC.stringToSign(
            method: draft.method.rawValue,
            parameters: (draft.query + draft.form).map { (Array($0.0.utf8), Array($0.1.utf8)) })
        let signature = ("Signature", String(decoding: AlibabaRPC.signature(of: text, secret: secret), as: UTF8.self))
        if draft.query.isEmpty { draft.form.append(signature) } else { draft.query.append(signature) }
    }

    /// A moment as requests have it.
    ///
    /// - Parameter seconds: how far it is off.
    func date(off seconds: Int64 = 0) -> String {
        Date(timeIntervalSince1970: TimeInterval(clock.now.seconds + seconds)).formatted(.iso8601)
    }
}
