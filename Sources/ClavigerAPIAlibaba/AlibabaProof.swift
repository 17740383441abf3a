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
        var fields = AlibabaFields()
        for (name, value) in headers { fields.take(name, value) }
        if let header = try fields.authorization.value("authorization"), header.hasPrefix(Self.headerPrefix) {
            try self.init(header, fields, headers)
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

    private init(_ header: String, _ fields: AlibabaFields, _ headers: HTTPHeaders) throws(KMSError) {
        action = try fields.action.required("x-acs-action")
        version = try fields.version.required("x-acs-version")
        guard let authorization = ACS3Authorization(header) else {
            throw KMSError(
                .malformedSignature,
                "Authorization is ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b;c>,Signature=<hex>")
        }
        accessKeyID = authorization.accessKeyID
        guard try fields.contentHash.value("x-acs-content-sha256") != nil else {
            throw KMSError(.malformedSignature, "the header x-acs-content-sha256 is missing")
        }
        if let name = authorization.unsignedName(of: headers.map(\.name)) {
            throw KMSError(.malformedSignature, "the header \(name) must be signed")
        }
        signature = .headers(authorization)
        guard let date = try fields.date.value("x-acs-date") else {
            throw KMSError(alibaba: .illegalTimestamp, "the header x-acs-date is missing")
        }
        self.date = date
        nonce = Array(try fields.nonce.required("x-acs-signature-nonce").utf8)
        securityToken = try fields.securityToken.value("x-acs-security-token")
    }
}

/// The headers that say who makes a request, and what he wants.
private struct AlibabaFields {
    var authorization = HeaderField()
    var action = HeaderField()
    var version = HeaderField()
    var date = HeaderField()
    var nonce = HeaderField()
    var contentHash = HeaderField()
    var securityToken = HeaderField()

    mutating func take(_ name: String, _ value: String) {
        // Names differ in their lengths, which tells most of the others apart without comparing text.
        switch name.utf8.count {
        case 10: if name.isHeader("x-acs-date") { date.take(value) }
        case 12: if name.isHeader("x-acs-action") { action.take(value) }
        case 13:
            if name.isHeader("authorization") {
                authorization.take(value)
            } else if name.isHeader("x-acs-version") {
                version.take(value)
            }
        case 20:
            if name.isHeader("x-acs-content-sha256") {
                contentHash.take(value)
            } else if name.isHeader("x-acs-security-token") {
                securityToken.take(value)
            }
        case 21: if name.isHeader("x-acs-signature-nonce") { nonce.take(value) }
        default: break
        }
    }
}

extension HeaderField {
    /// The value; `nil` if the header is absent or empty.
    ///
    /// - Throws: IncompleteSignature for a header that is there twice.
    fileprivate func value(_ name: StaticString) throws(KMSError) -> String? {
        guard !isRepeated else { throw KMSError(.malformedSignature, "the header \(name) is given twice") }
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Throws: also MissingParameter for a header that is absent or empty.
    fileprivate func required(_ name: StaticString) throws(KMSError) -> String {
        guard let value = try value(name) else {
            throw KMSError(.missingParameter, "the header \(name) is missing")
        }
        return value
    }
}
