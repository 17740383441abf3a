import ClavigerAPI
import ClavigerCrypto
import NIOHTTP1

/// A request that a test can still change.
struct AlibabaDraft {
    static let formType = "application/x-www-form-urlencoded"

    var method: HTTPMethod
    var path = "/"
    var query: [(String, String)] = []
    var form: [(String, String)] = []
    var headers: [(String, String)] = []

    /// The query as it is sent, if it is not ``query`` in the usual encoding.
    var rawQuery: String?

    /// The body as it is sent, if it is not ``form`` in the usual encoding.
    var rawBody: [UInt8]?
    var bodyWasTooLarge = false

    var body: [UInt8] { rawBody ?? Array(Self.encoded(form).utf8) }

    func wire() -> WireRequest {
        let query = rawQuery ?? Self.encoded(query)
        return WireRequest(
            method: method, target: query.isEmpty ? path : "\(path)?\(query)", headers: HTTPHeaders(headers),
            body: body, bodyWasTooLarge: bodyWasTooLarge, source: "192.0.2.7:51234")
    }

    func header(_ name: String) -> String? { headers.first { $0.0.lowercased() == name.lowercased() }?.1 }

    mutating func set(_ name: String, _ value: String?) {
        headers.removeAll { $0.0.lowercased() == name.lowercased() }
        if let value { headers.append((name, value)) }
    }

    /// Pairs as a query or a form has them; a blank is `+`, as both SDKs write it.
    static func encoded(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&").replacing("%20", with: "+")
    }

    /// RFC 3986: all but the unreserved characters as `%XX`.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hex.string([byte]).uppercased()
            }
        }
        return encoded
    }
}
