import ClavigerAPI
import ClavigerCore
import ClavigerSigning
import NIOHTTP1

/// By what a request says who makes it: a signature or a token. Nothing of it is verified yet.
enum HuaweiProof {
    /// A signature, with what belongs to a temporary access key.
    case signature(SDKHMACAuthorization, timestamp: Int64, securityToken: String?)
    case token(String)

    /// What the algorithms of the SDK begin with; of these only one is spoken here.
    private static let signaturePrefixes = ["SDK-", "V11-"]

    /// - Throws: `.missingCredentials` if there is neither, or a token with a character that no token has; for a signature
    ///   `.malformedSignature`, `.requestExpired`.
    init(_ request: WireRequest, now: Timestamp) throws(KMSError) {
        var fields = HuaweiFields()
        for (name, value) in request.headers { fields.take(name, value) }
        if let header = fields.authorization.value,
            Self.signaturePrefixes.contains(where: { header.hasPrefix($0) })
        {
            self = try Self.signature(header, fields, now)
            return
        }
        guard !fields.authorization.isRepeated else {
            throw KMSError(.malformedSignature, "the header Authorization is given twice")
        }
        guard let token = fields.token.value, !token.isEmpty, token.utf8.allSatisfy(Self.isOfToken) else {
            throw KMSError(.missingCredentials, "the header X-Auth-Token is missing, or is no token")
        }
        self = .token(token)
    }

    private static func signature(
        _ header: String, _ fields: HuaweiFields, _ now: Timestamp
    ) throws(KMSError) -> HuaweiProof {
        guard let authorization = SDKHMACAuthorization(header) else {
            throw KMSError(.malformedSignature, "the header Authorization has not the form of \(SDKHMAC.algorithm)")
        }
        guard let date = fields.date.value, let timestamp = SDKHMAC.timestamp(of: date) else {
            throw KMSError(.malformedSignature, "X-Sdk-Date is missing, or is no moment as YYYYMMDDTHHMMSSZ")
        }
        guard abs(timestamp - now.seconds) <= Huawei.clockWindow else {
            throw KMSError(
                .requestExpired, "X-Sdk-Date is more than \(Huawei.clockWindow) seconds off the server's clock")
        }
        guard !fields.securityToken.isRepeated else {
            throw KMSError(.malformedSignature, "the header X-Security-Token is given twice")
        }
        return .signature(authorization, timestamp: timestamp, securityToken: fields.securityToken.value)
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The headers that say who makes a request.
private struct HuaweiFields {
    var authorization = HeaderField()
    var token = HeaderField()
    var date = HeaderField()
    var securityToken = HeaderField()

    mutating func take(_ name: String, _ value: String) {
        // Names differ in their lengths, which tells most of the others apart without comparing text.
        switch name.utf8.count {
        case 10: if name.isHeader("x-sdk-date") { date.take(value) }
        case 12: if name.isHeader("x-auth-token") { token.take(value) }
        case 13: if name.isHeader("authorization") { authorization.take(value) }
        case 16: if name.isHeader("x-security-token") { securityToken.take(value) }
        default: break
        }
    }
}
