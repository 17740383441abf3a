import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning
import NIOHTTP1

/// By what a request says who makes it, and what it asks for. Nothing of it is verified yet.
struct AlibabaProof: Sendable {
    /// What the newer generation's headers begin with.
    static let headerPrefix = "ACS3-"

    enum Signature: Sendable {
        /// HMAC-SHA1 over all parameters.
        case parameters([UInt8])
        /// ACS3-HMAC-SHA256 over headers, query and the hash of the body.
        case headers(ACS3Authorization)
    }

    let action: String
    let version: String
    let accessKeyID: String
    let signature: Signature

    /// As it was sent.
    let date: String

    /// `nil` where none was sent, which only the older generation may.
    let nonce: [UInt8]?

    /// What came with temporary credentials.
    let securityToken: String?

    /// - Throws: the faults of presence and form: MissingParameter, IncompleteSignature, IllegalTimestamp.
    init(_ request: AlibabaRequest, _ headers: HTTPHeaders) throws(KMSError) {
        // The older generation's requests have these headers too, but never an Authorization.
        if let header = try Self.header("authorization", headers), header.hasPrefix(Self.headerPrefix) {
            try self.init(header, headers)
        } else {
            try self.init(request.values)
        }
    }

    private init(_ values: AlibabaValues) throws(KMSError) {
        action = try values.required("Action")
        version = try values.required("Version")
        accessKeyID = try values.required("AccessKeyId")
        guard let signature = values.bytes("Signature"), !signature.isEmpty else {
            throw KMSError(.malformedSignature, "the parameter Signature is missing")
        }
        guard values.text("SignatureMethod") == "HMAC-SHA1" else {
            throw KMSError(.malformedSignature, "SignatureMethod is HMAC-SHA1")
        }
        guard values.text("SignatureVersion") == "1.0" else {
            throw KMSError(.malformedSignature, "SignatureVersion is 1.0")
        }
        self.signature = .parameters(Array(signature))
        guard let date = values.text("Timestamp"), !date.isEmpty else {
            throw KMSError(alibaba: .illegalTimestamp, "the parameter Timestamp is missing")
        }
        self.date = date
        nonce = values.bytes("SignatureNonce").flatMap { $0.isEmpty ? nil : Array($0) }
        securityToken = values.text("SecurityToken").flatMap { $0.isEmpty ? nil : $0 }
    }

    private init(_ header: String, _ headers: HTTPHeaders) throws(KMSError) {
        action = try Self.required("x-acs-action", headers)
        version = try Self.required("x-acs-version", headers)
        guard let authorization = ACS3Authorization(header) else {
            throw KMSError(
                .malformedSignature,
                "Authorization is ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b;c>,Signature=<hex>")
        }
        accessKeyID = authorization.accessKeyID
        guard try Self.header("x-acs-content-sha256", headers) != nil else {
            throw KMSError(.malformedSignature, "the header x-acs-content-sha256 is missing")
        }
        if let name = authorization.unsignedName(of: headers.lazy.map(\.name)) {
            throw KMSError(.malformedSignature, "the header \(name.lowercased()) must be signed")
        }
        signature = .headers(authorization)
        guard let date = try Self.header("x-acs-date", headers) else {
            throw KMSError(alibaba: .illegalTimestamp, "the header x-acs-date is missing")
        }
        self.date = date
        nonce = Array(try Self.required("x-acs-signature-nonce", headers).utf8)
        securityToken = try Self.header("x-acs-security-token", headers)
    }

    private static func required(_ name: StaticString, _ headers: HTTPHeaders) throws(KMSError) -> String {
        guard let value = try header(name, headers) else {
            throw KMSError(.missingParameter, "the header \(name) is missing")
        }
        return value
    }

    /// A header's value without blanks at its ends; `nil` if it is absent or empty.
    ///
    /// - Throws: IncompleteSignature for a header that is there twice: two readers could see different requests.
    private static func header(_ name: StaticString, _ headers: HTTPHeaders) throws(KMSError) -> String? {
        let values = headers["\(name)"]
        guard values.count <= 1 else { throw KMSError(.malformedSignature, "the header \(name) is given twice") }
        guard var value = values.first?.utf8[...] else { return nil }
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
        while isBlank(value.first) { value = value.dropFirst() }
        while isBlank(value.last) { value = value.dropLast() }
        return value.isEmpty ? nil : String(Substring(value))
    }
}
