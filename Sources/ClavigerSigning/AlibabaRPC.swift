package import ClavigerCrypto
import Crypto

/// Alibaba's signature over sorted parameters ("RPC style, signature version 1.0"): HMAC-SHA-1, weak as a hash and still sound in HMAC.
package enum AlibabaRPC {
    /// The text that is signed: method, `/`, then all parameters but `Signature`, encoded, sorted by name, and encoded again as a whole.
    ///
    /// - Parameters:
    ///   - method: in capitals.
    ///   - parameters: those of the query and of the form in the body together, decoded, no name twice.
    package static func stringToSign(method: String, parameters: [(name: [UInt8], value: [UInt8])]) -> [UInt8] {
        var query: [UInt8] = []
        CanonicalQuery.append(parameters.filter { !$0.name.elementsEqual("Signature".utf8) }, to: &query)
        var text: [UInt8] = []
        text.reserveCapacity(method.utf8.count + 5 + CanonicalQuery.encodedCount(query))
        text.append(contentsOf: method.utf8)
        text.append(contentsOf: "&%2F&".utf8)
        CanonicalQuery.appendEncoded(query, to: &text)
        return text
    }

    /// The signature in base64.
    package static func signature(of text: [UInt8], secret: KeyMaterial) -> [UInt8] {
        secret.withUnsafeBytes { secret in
            withTemporarySecret(secret.count + 1) { key in
                key.copyMemory(from: secret)
                key[secret.count] = UInt8(ascii: "&")
                return HMAC<Insecure.SHA1>.authenticationCode(for: text, using: SymmetricKey(data: key))
                    .withUnsafeBytes { Base64.encode($0) }
            }
        }
    }

    /// Whether `signature`, in base64, is that of `text`, in constant time.
    package static func isSignature(_ signature: [UInt8], of text: [UInt8], secret: KeyMaterial) -> Bool {
        let expected = Self.signature(of: text, secret: secret)
        return expected.withUnsafeBytes { expected in signature.withUnsafeBytes { constantTimeEqual(expected, $0) } }
    }
}
