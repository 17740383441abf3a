package import ClavigerCrypto

/// The `Authorization` header of SDK-HMAC-SHA256.
package struct SDKHMACAuthorization: Hashable, Sendable {
    package let accessKeyID: String

    /// Lower-case header names joined with `;`: sorted, each once, `x-sdk-date` among them.
    package let signedNames: ArraySlice<UInt8>

    /// 32 bytes.
    package let signature: [UInt8]

    /// Reads `SDK-HMAC-SHA256 Access=ID, SignedHeaders=NAMES, Signature=HEX`, in this order and with lower-case hexadecimal; there may be any number of
    /// blanks after the commas. `nil` if it is anything else.
    package init?(_ header: String) {
        let bytes = Array(header.utf8)
        var rest = bytes[...]
        guard Self.take(SDKHMAC.algorithm, from: &rest), Self.take(" Access=", from: &rest) else { return nil }
        let id = rest.prefix { $0 != UInt8(ascii: ",") }
        rest = rest[id.endIndex...]
        guard Self.takeComma(from: &rest), Self.take("SignedHeaders=", from: &rest) else { return nil }
        let names = rest.prefix { $0 != UInt8(ascii: ",") }
        rest = rest[names.endIndex...]
        guard Self.takeComma(from: &rest), Self.take("Signature=", from: &rest) else { return nil }
        guard let accessKeyID = AuthorizationField.accessKeyID(id), Self.areSigned(names),
            let signature = AuthorizationField.signature(rest)
        else { return nil }
        self.accessKeyID = accessKeyID
        signedNames = names
        self.signature = signature
    }

    private static func take(_ text: String, from rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func takeComma(from rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.popFirst() == UInt8(ascii: ",") else { return false }
        rest = rest.drop { $0 == UInt8(ascii: " ") }
        return true
    }

    /// Whether these are names of headers as they are signed: in lower case, sorted, none empty or twice, and the date's among them.
    private static func areSigned(_ names: ArraySlice<UInt8>) -> Bool {
        var last: ArraySlice<UInt8> = []
        var hasDate = false
        for name in Parts(names, separator: ";") {
            guard last.lexicographicallyPrecedes(name), AuthorizationField.isHeaderName(name) else { return false }
            if name.elementsEqual(SDKHMAC.dateName.utf8) { hasDate = true }
            last = name
        }
        return hasDate
    }
}

extension SDKHMACAuthorization {
    /// Whether the signature is that of `request` under `secret`, in constant time.
    ///
    /// Whether the date that it was made at is near enough is another question.
    ///
    /// - Parameter header: the value of a header by its lower-case name; `nil` if it is absent, and if it came more than once, for then nobody can tell
    ///   which of them was signed.
    package func isSignature(
        of request: SDKHMAC.Request, secret: KeyMaterial, header: (ArraySlice<UInt8>) -> String?
    ) -> Bool {
        guard
            let expected = SDKHMAC.code(for: request, signedNames: signedNames, secret: secret, header: header)
        else { return false }
        return expected.withUnsafeBytes { expected in
            signature.withUnsafeBytes { constantTimeEqual(expected, $0) }
        }
    }

    /// The header for a request that this process sends.
    ///
    /// - Parameter headers: what is signed, by lower-case names; the date is among them.
    /// - Returns: `nil` if the date is not, or the hash of the body that is among them is wrong.
    package static func header(
        for request: SDKHMAC.Request, accessKeyID: String, secret: KeyMaterial, headers: [String: String]
    ) -> String? {
        let names = headers.keys.sorted().joined(separator: ";")
        let code = SDKHMAC.code(for: request, signedNames: Array(names.utf8)[...], secret: secret) {
            headers[String(decoding: $0, as: UTF8.self)]
        }
        guard let code else { return nil }
        return "\(SDKHMAC.algorithm) Access=\(accessKeyID), SignedHeaders=\(names), Signature=\(Hex.string(code))"
    }
}
