import ClavigerAPI
import ClavigerCrypto
import NIOHTTP1

/// Tells which versions of the API there are, to whoever asks: `GET /` and `GET /v1.0`.
struct HuaweiVersions: Sendable {
    static let action = "show-versions"

    private static let version = "v1.0"

    let addresses: HuaweiAddresses

    /// The answer; `nil` for a request that asks for something else.
    func answer(to request: WireRequest) -> HuaweiOutcome? {
        guard request.method == .GET else { return nil }
        var json = HuaweiEnvelope.begin()
        switch String(decoding: request.path, as: UTF8.self) {
        case "/":
            json.name("versions")
            json.array([request]) { write($1, to: &$0) }
        case "/v1.0", "/v1.0/":
            json.name("version")
            write(request, to: &json)
        default: return nil
        }
        return HuaweiOutcome(status: 200, json: json, madeKeys: [])
    }

    private func write(_ request: WireRequest, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", Self.version)
            json.name("links")
            json.array([request]) { json, request in
                json.object { json in
                    json.member("href", "\(addresses.origin(of: request))/\(Self.version)/")
                    json.member("rel", "self")
                }
            }
            // There are no smaller versions within it.
            json.member("version", "")
            json.member("status", "CURRENT")
            json.member("updated", "2022-11-28T00:00:00Z")
            json.member("min_version", "")
        }
    }
}
