package import ClavigerCrypto
import Crypto

/// Tencent's older signature over sorted parameters: HmacSHA1 and HmacSHA256 ("signature v1", also of the legacy API v2).
package enum TencentV1Signature {
    package enum Algorithm: Sendable {
        /// HMAC-SHA-1: weak as a hash, still sound in HMAC, and the default of old clients.
        case hmacSHA1
        case hmacSHA256

        /// What `SignatureMethod` says; anything but HmacSHA256, and nothing, means SHA-1.
        package init(method: String?) { self = method == "HmacSHA256" ? .hmacSHA256 : .hmacSHA1 }
    }

    /// The text that is signed: method, host and path, `?`, then all parameters but `Signature`, sorted by name.
    ///
    /// `_` in a name counts as `.`; names and values are raw.
    package static func text(
        method: String, host: String, path: String, parameters: [(name: [UInt8], value: [UInt8])]
    ) -> [UInt8] {
        let signed =
            parameters
            .filter { !$0.name.elementsEqual("Signature".utf8) }
            .map { (name: $0.name.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: ".") : $0 }, value: $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        var text = Array("\(method)\(host)\(path)?".utf8)
        for (index, parameter) in signed.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            text.append(contentsOf: parameter.name)
            text.append(UInt8(ascii: "="))
            text.append(contentsOf: parameter.value)
        }
        return text
    }

    /// The signature in base64.
    package static func signature(of text: [UInt8], secret: KeyMaterial, algorithm: Algorithm) -> [UInt8] {
        secret.withUnsafeBytes { secret in
            let key = SymmetricKey(data: secret)
            switch algorithm {
            case .hmacSHA1:
                return HMAC<Insecure.SHA1>.authenticationCode(for: text, using: key).withUnsafeBytes {
                    Base64.encode($0)
                }
            case .hmacSHA256:
                return HMAC<SHA256>.authenticationCode(for: text, using: key).withUnsafeBytes { Base64.encode($0) }
            }
        }
    }

    /// Whether `signature` is that of `text`, in constant time.
    package static func verify(
        _ signature: [UInt8], of text: [UInt8], secret: KeyMaterial, algorithm: Algorithm
    ) -> Bool {
        let expected = Self.signature(of: text, secret: secret, algorithm: algorithm)
        return expected.withUnsafeBytes { expected in signature.withUnsafeBytes { constantTimeEqual(expected, $0) } }
    }
}
