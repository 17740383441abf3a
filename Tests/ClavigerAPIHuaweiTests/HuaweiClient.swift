import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning
import ClavigerTesting
import NIOHTTP1

/// Makes requests as the vendor's SDK does.
struct HuaweiClient: Sendable {
    /// A request that a test can still change.
    struct Draft {
        var method: HTTPMethod
        var target: String
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        var bodyWasTooLarge = false

        func wire() -> WireRequest {
            WireRequest(
                method: method, target: target, headers: HTTPHeaders(headers), body: body,
                bodyWasTooLarge: bodyWasTooLarge, source: "192.0.2.7:51234")
        }

        mutating func set(_ name: String, _ value: String?) {
            headers.removeAll { $0.0.lowercased() == name.lowercased() }
            if let value { headers.append((name, value)) }
        }
    }

    static let host = "127.0.0.1:7700"

    let accessKeyID: String
    let secret: KeyMaterial

    /// The ids of the account's projects by the names of the realms.
    let projects: [String: String]
    let clock: ManualClock

    /// What comes with temporary credentials.
    var securityToken: String?

    /// A signed call; `action` is what stands behind `kms/`.
    func post(_ action: String, _ json: String = "{}", realm: String = "south") -> WireRequest {
        request(.POST, path(action, realm: realm), json).wire()
    }

    func get(_ action: String, realm: String = "south") -> WireRequest {
        request(.GET, path(action, realm: realm)).wire()
    }

    func delete(_ action: String, realm: String = "south") -> WireRequest {
        request(.DELETE, path(action, realm: realm)).wire()
    }

    func path(_ action: String, realm: String = "south") -> String {
        "/v1.0/\(projects[realm] ?? "no-project")/kms/\(action)"
    }

    /// A draft, signed.
    func request(_ method: HTTPMethod, _ target: String, _ json: String = "") -> Draft {
        var draft = Draft(method: method, target: target)
        draft.body = Array(json.utf8)
        draft.headers = [
            ("Host", Self.host), ("Content-Type", "application/json;charset=utf-8"),
            ("User-Agent", "huaweicloud-usdk-python/3.0"),
        ]
        if let securityToken { draft.headers.append(("X-Security-Token", securityToken)) }
        sign(&draft)
        return draft
    }

    /// Sets the headers X-Sdk-Date and Authorization, over whatever the draft has.
    ///
    /// - Parameter seconds: how far the date is off.
    func sign(_ draft: inout Draft, off seconds: Int64 = 0) {
        draft.set("X-Sdk-Date", Self.date(clock.now.seconds + seconds))
        draft.set("Authorization", nil)
        var signed: [String: String] = [:]
        for (name, value) in draft.headers { signed[name.lowercased()] = value }
        let parts = draft.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = SDKHMAC.Request(
            method: draft.method.rawValue, path: Array(parts[0].utf8)[...],
            query: parts.count > 1 ? Array(parts[1].utf8)[...] : [], body: draft.body[...])
        draft.set(
            "Authorization",
            SDKHMACAuthorization.header(
                for: request, accessKeyID: accessKeyID, secret: secret, headers: signed))
    }

    /// The moment as `20240102T030405Z`.
    static func date(_ seconds: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = String(decoding: TC3.date(of: seconds).filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
        let second = seconds % 86400
        return "\(day)T\(two(second / 3600))\(two(second / 60 % 60))\(two(second % 60))Z"
    }

    /// A request with a token and no signature.
    static func request(
        _ method: HTTPMethod, _ target: String, token: String?, _ json: String = ""
    ) -> WireRequest {
        var draft = Draft(method: method, target: target)
        draft.body = Array(json.utf8)
        draft.headers = [("Host", host), ("Content-Type", "application/json")]
        if let token { draft.headers.append(("X-Auth-Token", token)) }
        return draft.wire()
    }
}
