package import ClavigerCrypto

/// The `Authorization` header of TC3-HMAC-SHA256.
package struct TC3Authorization: Hashable, Sendable {
    package let accessKeyID: String

    /// `YYYY-MM-DD`
    package let date: ArraySlice<UInt8>
    package let service: ArraySlice<UInt8>

    /// Lower-case header names joined with `;`, as sent.
    package let signedNames: ArraySlice<UInt8>

    /// 32 bytes.
    package let signature: [UInt8]

    /// Reads `TC3-HMAC-SHA256 Credential=ID/DATE/SERVICE/tc3_request, SignedHeaders=NAMES, Signature=HEX`; blanks after the commas
    /// may be missing. `nil` if it is anything else.
    package init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard bytes.starts(with: TC3.algorithm.utf8) else { return nil }
        var credential: ArraySlice<UInt8>?
        var signedNames: ArraySlice<UInt8>?
        var signature: ArraySlice<UInt8>?
        let rest = bytes[TC3.algorithm.utf8.count...]
        guard rest.first == UInt8(ascii: " ") else { return nil }
        for part in Parts(rest, separator: ",") where !part.isEmpty {
            let field = part.drop { $0 == UInt8(ascii: " ") }
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let value = field[(equals + 1)...]
            switch field[..<equals] {
            case let name where name.elementsEqual("Credential".utf8) && credential == nil: credential = value
            case let name where name.elementsEqual("SignedHeaders".utf8) && signedNames == nil: signedNames = value
            case let name where name.elementsEqual("Signature".utf8) && signature == nil: signature = value
            default: return nil
            }
        }
        guard let credential, let signedNames, let signature, !signedNames.isEmpty else { return nil }
        var parts = Parts(credential, separator: "/")
        guard
            let id = parts.next(), !id.isEmpty, let date = parts.next(), let service = parts.next(),
            let end = parts.next(), end.elementsEqual("tc3_request".utf8), parts.next() == nil,
            signature.count == 64, let code = Hex.decode(signature)
        else { return nil }
        accessKeyID = String(decoding: id, as: UTF8.self)
        self.date = date
        self.service = service
        self.signedNames = signedNames
        self.signature = code
    }

    /// Whether a header is among the signed ones.
    package func signs(_ name: String) -> Bool {
        Parts(signedNames, separator: ";").contains { $0.elementsEqual(name.utf8) }
    }
}

extension TC3Authorization {
    /// Whether the signature is that of `request` under `key`, in constant time.
    package func isSignature(
        of request: TC3.Request, under key: HMACSHA256, header: (ArraySlice<UInt8>) -> String?
    ) -> Bool {
        // The documents demand lower-case header values; the vendor's SDKs sign them as they are. Both are tried.
        for lowercasing in [true, false] {
            guard
                let canonical = TC3.canonicalRequest(
                    request, signedNames: signedNames, lowercasingValues: lowercasing, header: header)
            else { return false }
            let text = TC3.stringToSign(
                canonicalRequest: canonical, timestamp: request.timestamp, date: date, service: service)
            let matches = text.withUnsafeBytes { text in
                key.code(for: text).withUnsafeBytes { expected in
                    signature.withUnsafeBytes { constantTimeEqual(expected, $0) }
                }
            }
            if matches { return true }
        }
        return false
    }

    /// The header for a request that this process sends.
    package static func header(
        for request: TC3.Request,
        accessKeyID: String,
        secret: KeyMaterial,
        service: String,
        headers: [String: String]
    ) -> String {
        let names = Array(headers.keys.sorted().joined(separator: ";").utf8)
        let date = TC3.date(of: request.timestamp)
        let service = Array(service.utf8)
        let canonical =
            TC3.canonicalRequest(request, signedNames: names[...]) { headers[String(decoding: $0, as: UTF8.self)] }
            ?? []
        let text = TC3.stringToSign(
            canonicalRequest: canonical, timestamp: request.timestamp, date: date[...], service: service[...])
        let key = TC3.signingKey(secret: secret, date: date[...], service: service[...])
        let signature = text.withUnsafeBytes { Hex.string(key.code(for: $0)) }
        return "\(TC3.algorithm) Credential=\(accessKeyID)/\(String(decoding: date, as: UTF8.self))/"
            + "\(String(decoding: service, as: UTF8.self))/tc3_request, "
            + "SignedHeaders=\(String(decoding: names, as: UTF8.self)), Signature=\(signature)"
    }
}
