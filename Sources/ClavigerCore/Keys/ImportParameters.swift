import ClavigerCrypto

/// A wrapping key pair that was made for importing material into one key, as it rests.
package struct ImportParameters: Hashable, Sendable {
    /// How long material can be imported with a token.
    package static let lifetime = Duration.days(1)

    /// SHA-256 of the token, which itself only its owner has.
    package let tokenDigest: [UInt8]
    package let key: KeyID
    package let algorithm: WrappingAlgorithm

    /// The private key, wrapped by the root key.
    package let wrappedPrivateKey: [UInt8]
    package let expiry: Timestamp

    package init(
        tokenDigest: [UInt8], key: KeyID, algorithm: WrappingAlgorithm, wrappedPrivateKey: [UInt8], expiry: Timestamp
    ) {
        self.tokenDigest = tokenDigest
        self.key = key
        self.algorithm = algorithm
        self.wrappedPrivateKey = wrappedPrivateKey
        self.expiry = expiry
    }

    /// What the wrapped private key is bound to.
    package static func wrappingIdentity(
        scope: KeyScope, key: KeyID, algorithm: WrappingAlgorithm, tokenDigest: [UInt8]
    ) -> RowIdentity {
        RowIdentity(
            "import-parameters", scope.account.description, scope.realm.name, key.description,
            algorithm.rawValue, Base64.string(tokenDigest))
    }
}
