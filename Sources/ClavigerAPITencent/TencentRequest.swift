import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning
import NIOHTTP1

/// A request taken apart: who signs it how, and what it asks for. Nothing of it is verified yet.
struct TencentRequest {
    enum Signature {
        case tc3(TC3Authorization, TC3.Request)
        /// One of the lists of parameters is the one that was signed.
        case v1(
            signature: [UInt8], signed: [[FormParser.Pair]], host: String, algorithm: TencentV1Signature.Algorithm,
            nonce: [UInt8])
    }

    enum Parameters {
        case json([UInt8])
        case form([FormParser.Pair])
    }

    let accessKeyID: String

    /// What belongs to a temporary access key.
    let token: String?
    let timestamp: Int64
    let signature: Signature
    let action: String?
    let version: String?
    let region: String?
    let parameters: Parameters
}

extension TencentRequest {
    /// Common parameters that v1 requests carry beside those of the action.
    private static let commonNames: Set<String> = [
        "Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token",
        "RequestClient", "Language",
    ]

    /// The one parameter of the legacy API that may hold any text.
    private static let freeText = "description"

    /// Checks the method and the sizes.
    static func checkFraming(_ request: WireRequest) throws(KMSError) {
        guard request.method == .GET || request.method == .POST else {
            throw KMSError(.unsupportedMethod, "the methods are GET and POST")
        }
        guard !request.bodyWasTooLarge else { throw KMSError(.payloadTooLarge, "the body is too long") }
        guard request.query.count <= Tencent.longestQuery else {
            throw KMSError(.payloadTooLarge, "the query is too long")
        }
    }

    // MARK: TC3

    static func parseTC3(_ request: WireRequest) throws(KMSError) -> TencentRequest {
        var fields = TC3Fields()
        for (name, value) in request.headers { try fields.take(name, value) }
        try checkContentType(fields.contentType, of: request)
        guard let header = fields.authorization else {
            throw KMSError(.missingCredentials, "the header Authorization is missing")
        }
        guard let stamp = fields.timestamp else {
            throw KMSError(.missingCredentials, "the header X-TC-Timestamp is missing")
        }
        guard let timestamp = Int64(stamp) else {
            throw KMSError(.invalidParameter, "X-TC-Timestamp is a number of seconds since 1970")
        }
        guard let authorization = TC3Authorization(header) else {
            throw KMSError(.malformedSignature, "the header Authorization has not the form of TC3-HMAC-SHA256")
        }
        let isGet = request.method == .GET
        let payload =
            fields.contentHash == TC3.unsignedPayload
            ? Array(TC3.unsignedPayload.utf8)[...] : isGet ? [] : request.body[...]
        return TencentRequest(
            accessKeyID: authorization.accessKeyID,
            token: fields.token,
            timestamp: timestamp,
            signature: .tc3(
                authorization,
                TC3.Request(
                    method: isGet ? "GET" : "POST", query: isGet ? request.query : [], timestamp: timestamp,
                    payload: payload)),
            action: fields.action,
            version: fields.version,
            region: fields.region,
            parameters: isGet ? .form(try FormParser.parse(request.query)) : .json(request.body))
    }

    private static func checkContentType(_ type: String?, of request: WireRequest) throws(KMSError) {
        // Without one the signature cannot be right, for it must cover the header.
        guard let type else { return }
        let expected = request.method == .GET ? "application/x-www-form-urlencoded" : "application/json"
        guard mediaType(type) == expected else {
            throw KMSError(.invalidParameter, "the content type of \(request.method.rawValue) is \(expected)")
        }
    }

    /// The type without its parameters, such as a character set.
    private static func mediaType(_ header: String) -> String {
        let type = header.utf8.prefix { $0 != UInt8(ascii: ";") }
        return String(decoding: type.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self).lowercased()
    }

    // MARK: v1

    /// - Parameter isLegacyClient: whether the client may have left a text that starts with `@` (to it the name of a file) out of what it signed.
    static func parseV1(
        _ request: WireRequest, isLegacyClient: Bool = false
    ) throws(KMSError) -> TencentRequest {
        let isGet = request.method == .GET
        if !isGet, let type = request.headers.first(name: "Content-Type"),
            mediaType(type) != "application/x-www-form-urlencoded"
        {
            // JSON is posted by TC3 alone, so what is wrong is that neither of its marks is there.
            guard mediaType(type) != "application/json" else {
                throw KMSError(.missingCredentials, "the header Authorization is missing")
            }
            throw KMSError(
                .invalidParameter, "the content type of POST is application/x-www-form-urlencoded or application/json")
        }
        let pairs = try FormParser.parse(isGet ? request.query : request.body[...])
        func value(_ name: String) -> [UInt8]? { pairs.first { $0.name.elementsEqual(name.utf8) }?.value }
        func text(_ name: String) -> String? { value(name).map { String(decoding: $0, as: UTF8.self) } }
        func required(_ name: String) throws(KMSError) -> [UInt8] {
            guard let value = value(name), !value.isEmpty else {
                throw KMSError(.missingCredentials, "the parameter \(name) is missing")
            }
            return value
        }
        let accessKeyID = try required("SecretId")
        let signature = try required("Signature")
        let stamp = try required("Timestamp")
        let nonce = try required("Nonce")
        guard let timestamp = Int64(String(decoding: stamp, as: UTF8.self)) else {
            throw KMSError(.invalidParameter, "Timestamp is a number of seconds since 1970")
        }
        guard UInt64(String(decoding: nonce, as: UTF8.self)) != nil else {
            throw KMSError(.invalidParameter, "Nonce is a number")
        }
        guard let host = singleHost(request.headers) else {
            throw KMSError(.malformedSignature, "the header Host is missing or given twice")
        }
        var signed = [pairs]
        // Anybody on the way could add or change what is not signed, so only what changes nothing but a description may be left out.
        let withoutFiles = pairs.filter {
            !($0.value.first == UInt8(ascii: "@") && $0.name.elementsEqual(Self.freeText.utf8))
        }
        if isLegacyClient, !isGet, withoutFiles.count < pairs.count { signed.append(withoutFiles) }
        return TencentRequest(
            accessKeyID: String(decoding: accessKeyID, as: UTF8.self),
            token: text("Token"),
            timestamp: timestamp,
            signature: .v1(
                signature: signature,
                signed: signed,
                host: host,
                algorithm: TencentV1Signature.Algorithm(method: text("SignatureMethod")),
                nonce: nonce),
            action: text("Action"),
            version: text("Version"),
            region: text("Region"),
            parameters: .form(pairs.filter { !commonNames.contains(String(decoding: $0.name, as: UTF8.self)) }))
    }

    private static func singleHost(_ headers: HTTPHeaders) -> String? {
        let hosts = headers["Host"]
        return hosts.count == 1 ? hosts[0] : nil
    }
}

/// The headers that a TC3 request is read from. Each may be there once: two would let two readers see different requests.
private struct TC3Fields {
    var authorization: String?
    var contentType: String?
    var contentHash: String?
    var action: String?
    var version: String?
    var region: String?
    var timestamp: String?
    var token: String?
    private var host: String?

    mutating func take(_ name: String, _ value: String) throws(KMSError) {
        // Names differ in their lengths, which tells most of the others apart without comparing text.
        switch name.utf8.count {
        case 4: try set(&host, "host", name, value)
        case 10: try set(&token, "x-tc-token", name, value)
        case 11:
            try set(&action, "x-tc-action", name, value)
            try set(&region, "x-tc-region", name, value)
        case 12:
            try set(&contentType, "content-type", name, value)
            try set(&version, "x-tc-version", name, value)
        case 13: try set(&authorization, "authorization", name, value)
        case 14: try set(&timestamp, "x-tc-timestamp", name, value)
        case 19: try set(&contentHash, "x-tc-content-sha256", name, value)
        default: break
        }
    }

    private func set(_ field: inout String?, _ expected: StaticString, _ name: String, _ value: String) throws(KMSError)
    {
        guard name.isHeader(expected) else { return }
        guard field == nil else { throw KMSError(.malformedSignature, "the header \(expected) is given twice") }
        field = value
    }
}
