import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning
import ClavigerTesting
import NIOHTTP1
import Synchronization

/// Makes signed requests as the vendor's SDKs do.
struct TencentClient: Sendable {
    /// How a request is signed and where its parameters are.
    enum Mode: CaseIterable, Sendable {
        case tc3Post, tc3Get, sha1Get, sha1Post, sha256Get, sha256Post

        var isTC3: Bool { self == .tc3Post || self == .tc3Get }
        var isGet: Bool { self == .tc3Get || self == .sha1Get || self == .sha256Get }
        var method: HTTPMethod { isGet ? .GET : .POST }
    }

    /// A request that a test can still change.
    struct Draft {
        var method: HTTPMethod
        var target = "/"
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        var bodyWasTooLarge = false

        func wire() -> WireRequest {
            WireRequest(
                method: method, target: target, headers: HTTPHeaders(headers), body: body,
                bodyWasTooLarge: bodyWasTooLarge,
                source: "192.0.2.7:51234")
        }

        mutating func set(_ name: String, _ value: String?) {
            headers.removeAll { $0.0.lowercased() == name.lowercased() }
            if let value { headers.append((name, value)) }
        }
    }

    static let host = "127.0.0.1:7700"
    static let legacyPath = "/v2/index.php"
    private static let nonces = Atomic<Int>(1)

    let accessKeyID: String
    let secret: KeyMaterial
    let clock: ManualClock

    /// What comes with temporary credentials.
    var token: String?

    func request(
        _ action: String?, _ parameters: JSONValue = .object([]), mode: Mode = .tc3Post,
        region: String? = "ap-guangzhou",
        version: String? = "2019-01-18", timestamp: Int64? = nil, nonce: String? = nil
    ) -> WireRequest {
        let timestamp = timestamp ?? clock.now.seconds
        guard mode.isTC3 else {
            let pairs = pairs(
                action, parameters, mode: mode, region: region, version: version, timestamp: timestamp, nonce: nonce)
            return signedV1(pairs, mode: mode).wire()
        }
        var draft = Draft(method: mode.method)
        if mode.isGet {
            draft.target = "/?" + Self.form(parameters.flattened())
        } else {
            draft.body = parameters.jsonText
        }
        draft.headers = [
            ("Host", Self.host),
            ("Content-Type", mode.isGet ? "application/x-www-form-urlencoded" : "application/json"),
            ("X-TC-Timestamp", String(timestamp)), ("X-TC-RequestClient", "SDK_PYTHON_3.1.195"),
        ]
        if let action { draft.headers.append(("X-TC-Action", action)) }
        if let version { draft.headers.append(("X-TC-Version", version)) }
        if let region { draft.headers.append(("X-TC-Region", region)) }
        if let token { draft.headers.append(("X-TC-Token", token)) }
        sign(&draft, timestamp: timestamp)
        return draft.wire()
    }

    /// A request of the legacy API. Its client sends neither version nor region.
    func legacyRequest(
        _ action: String?, _ parameters: JSONValue = .object([]), mode: Mode = .sha1Get, region: String? = nil,
        version: String? = nil, timestamp: Int64? = nil, nonce: String? = nil
    ) -> WireRequest {
        let pairs = pairs(
            action, parameters, mode: mode, region: region, version: version,
            timestamp: timestamp ?? clock.now.seconds, nonce: nonce)
        return signedV1(pairs, mode: mode, path: Self.legacyPath).wire()
    }

    /// The parameters of a request that is signed by v1, but for the signature.
    func pairs(
        _ action: String?, _ parameters: JSONValue = .object([]), mode: Mode, region: String?, version: String?,
        timestamp: Int64, nonce: String? = nil
    ) -> [(String, String)] {
        var pairs = parameters.flattened()
        pairs.append(("Timestamp", String(timestamp)))
        pairs.append(("Nonce", nonce ?? String(Self.nonces.wrappingAdd(1, ordering: .relaxed).newValue)))
        pairs.append(("SecretId", accessKeyID))
        pairs.append(("RequestClient", "SDK_PYTHON_3.1.195"))
        if let action { pairs.append(("Action", action)) }
        if let version { pairs.append(("Version", version)) }
        if let region { pairs.append(("Region", region)) }
        if let token { pairs.append(("Token", token)) }
        if mode == .sha256Get || mode == .sha256Post { pairs.append(("SignatureMethod", "HmacSHA256")) }
        return pairs
    }

    // MARK: TC3

    /// A draft of a call by TC3, signed.
    func draft(_ action: String, _ json: String = "{}") -> Draft {
        var draft = Draft(method: .POST)
        draft.headers = [
            ("Host", Self.host), ("Content-Type", "application/json"), ("X-TC-Timestamp", String(clock.now.seconds)),
            ("X-TC-Action", action), ("X-TC-Version", "2019-01-18"), ("X-TC-Region", "ap-guangzhou"),
        ]
        draft.body = Array(json.utf8)
        sign(&draft)
        return draft
    }

    /// Sets the header Authorization, over whatever the draft has.
    func sign(
        _ draft: inout Draft, timestamp: Int64? = nil, service: String = "kms",
        names: [String] = ["content-type", "host"],
        payload: String? = nil, dateOf day: Int64? = nil
    ) {
        let timestamp = timestamp ?? clock.now.seconds
        var signed: [String: String] = [:]
        for (name, value) in draft.headers where names.contains(name.lowercased()) { signed[name.lowercased()] = value }
        let query = draft.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
        let isGet = draft.method == .GET
        let request = TC3.Request(
            method: draft.method.rawValue, query: isGet ? Array((query ?? "").utf8)[...] : [], timestamp: timestamp,
            payload: payload.map { Array($0.utf8)[...] } ?? (isGet ? [] : draft.body[...]))
        guard let day else {
            draft.set(
                "Authorization",
                TC3Authorization.header(
                    for: request, accessKeyID: accessKeyID, secret: secret, service: service, headers: signed))
            return
        }
        // Signed correctly in all but the day.
        let date = TC3.date(of: day)
        let joined = Array(signed.keys.sorted().joined(separator: ";").utf8)
        let canonical =
            TC3.canonicalRequest(request, signedNames: joined[...]) { signed[String(decoding: $0, as: UTF8.self)] }
            ?? []
        let text = TC3.stringToSign(
            canonicalRequest: canonical, timestamp: timestamp, date: date[...], service: Array(service.utf8)[...])
        let key = TC3.signingKey(secret: secret, date: date[...], service: Array(service.utf8)[...])
        let code = text.withUnsafeBytes { Hex.string(key.code(for: $0)) }
        draft.set(
            "Authorization",
            "TC3-HMAC-SHA256 Credential=\(accessKeyID)/\(String(decoding: date, as: UTF8.self))/\(service)/tc3_request, "
                + "SignedHeaders=\(String(decoding: joined, as: UTF8.self)), Signature=\(code)")
    }

    // MARK: v1

    /// A draft whose parameters, but for the signature, are `pairs`.
    ///
    /// - Parameter signed: the pairs that the signature covers, if not all.
    func signedV1(
        _ pairs: [(String, String)], mode: Mode, host: String = host, path: String = "/",
        signed: [(String, String)]? = nil
    ) -> Draft {
        let text = TencentV1Signature.text(
            method: mode.method.rawValue, host: host, path: path,
            parameters: (signed ?? pairs).map { (Array($0.0.utf8), Array($0.1.utf8)) })
        let isSHA256 = pairs.contains { $0 == ("SignatureMethod", "HmacSHA256") }
        let signature = TencentV1Signature.signature(
            of: text, secret: secret, algorithm: isSHA256 ? .hmacSHA256 : .hmacSHA1)
        return draftV1(
            pairs + [("Signature", String(decoding: signature, as: UTF8.self))], mode: mode, host: host, path: path)
    }

    func draftV1(_ pairs: [(String, String)], mode: Mode, host: String = host, path: String = "/") -> Draft {
        var draft = Draft(method: mode.method)
        draft.headers = [("Host", host)]
        if mode.isGet {
            draft.target = path + "?" + Self.form(pairs)
        } else {
            draft.target = path
            draft.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            draft.body = Array(Self.form(pairs).utf8)
        }
        return draft
    }

    /// Pairs of text as a query or a form has them; a blank is `+`, as the SDK writes it.
    static func form(_ pairs: [(String, String)]) -> String {
        func escaped(_ text: String) -> String {
            text.utf8.map { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
                case 0x20: "+"
                default: "%" + Hex.string([byte]).uppercased()
                }
            }.joined()
        }
        return pairs.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }
}

extension JSONValue {
    /// The members as flattened parameters; null is left out.
    func flattened(_ prefix: String = "") -> [(String, String)] {
        func name(_ part: String) -> String { prefix.isEmpty ? part : "\(prefix).\(part)" }
        switch self {
        case .object(let members):
            return members.flatMap { $0.value.flattened(name(String(decoding: $0.name, as: UTF8.self))) }
        case .array(let elements): return elements.enumerated().flatMap { $1.flattened(name(String($0))) }
        case .string(let text), .number(let text): return [(prefix, String(decoding: text, as: UTF8.self))]
        case .bool(let value): return [(prefix, String(value))]
        case .null: return []
        }
    }
}
