package import ClavigerCrypto

/// The `Authorization` header of ACS3-HMAC-SHA256.
package struct ACS3Authorization: Hashable, Sendable {
    /// No client signs nearly as many headers. Without a limit, names and a long value could make much text out of little before it is known who asks.
    private static let mostNames = 128

    package let accessKeyID: String

    /// Lower-case header names joined with `;`, each once, in the order that they came in.
    package let signedNames: ArraySlice<UInt8>

    /// 32 bytes.
    package let signature: [UInt8]

    /// Reads `ACS3-HMAC-SHA256 Credential=ID,SignedHeaders=NAMES,Signature=HEX` with lower-case hexadecimal; there may be any number of blanks after the
    /// commas, and the parts may be in another order. `nil` if it is anything else.
    package init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard bytes.starts(with: ACS3.algorithm.utf8) else { return nil }
        let rest = bytes[ACS3.algorithm.utf8.count...]
        guard rest.first == UInt8(ascii: " ") else { return nil }
        var id: ArraySlice<UInt8>?
        var names: ArraySlice<UInt8>?
        var code: ArraySlice<UInt8>?
        var isFirst = true
        for part in Parts(rest.dropFirst(), separator: ",") {
            let field = isFirst ? part : part.drop { $0 == UInt8(ascii: " ") }
            isFirst = false
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let value = field[(equals + 1)...]
            switch field[..<equals] {
            case let name where name.elementsEqual("Credential".utf8) && id == nil: id = value
            case let name where name.elementsEqual("SignedHeaders".utf8) && names == nil: names = value
            case let name where name.elementsEqual("Signature".utf8) && code == nil: code = value
            default: return nil
            }
        }
        guard let accessKeyID = id.flatMap(AuthorizationField.accessKeyID), let names, Self.areSigned(names),
            let signature = code.flatMap(AuthorizationField.signature)
        else { return nil }
        self.accessKeyID = accessKeyID
        signedNames = names
        self.signature = signature
    }

    private static func areSigned(_ names: ArraySlice<UInt8>) -> Bool {
        var seen: [ArraySlice<UInt8>] = []
        for name in Parts(names, separator: ";") {
            guard seen.count < mostNames, AuthorizationField.isHeaderName(name), !seen.contains(name) else {
                return false
            }
            seen.append(name)
        }
        return true
    }
}

extension ACS3Authorization {
    /// Whether a header is among the signed ones.
    ///
    /// - Parameter name: in any letter case.
    package func signs(_ name: String) -> Bool {
        Parts(signedNames, separator: ";").contains { signed in
            signed.elementsEqual(name.utf8) { $0 == Self.lowercase($1) }
        }
    }

    /// A header that must be signed and is not: `host`, and those of the request's headers whose names begin with `x-acs-`.
    ///
    /// - Parameter names: of all headers of the request, in any letter case.
    /// - Returns: the name in lower case; `nil` if all are signed.
    package func unsignedName(of names: [String]) -> String? {
        guard signs(ACS3.host) else { return ACS3.host }
        let unsigned = names.first { name in
            name.utf8.lazy.map(Self.lowercase).starts(with: ACS3.prefix.utf8) && !signs(name)
        }
        return unsigned?.lowercased()
    }

    /// Whether the signature is that of a text, in constant time.
    package func isSignature(of text: [UInt8], secret: KeyMaterial) -> Bool {
        ACS3.signature(of: text, secret: secret).withUnsafeBytes { expected in
            signature.withUnsafeBytes { constantTimeEqual(expected, $0) }
        }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { 65...90 ~= byte ? byte | 0x20 : byte }
}
