import ClavigerCore
import ClavigerCrypto

/// A version of an asymmetric key, and the algorithm by which a call uses it.
struct AsymmetricUse<Scheme: Hashable & Sendable>: Sendable {
    /// `nil` stands for a version that no key has.
    private let version: KeyVersionID?
    let scheme: Scheme
    private let schemes: @Sendable (AsymmetricAlgorithm) -> [Scheme]

    private init(
        _ version: KeyVersionID?, _ scheme: Scheme, _ schemes: @escaping @Sendable (AsymmetricAlgorithm) -> [Scheme]
    ) {
        self.version = version
        self.scheme = scheme
        self.schemes = schemes
    }

    /// The version, once the key is known to have it and to be of the algorithm's kind. The operation then asks for the caller's right and the key's
    /// state; who has no right hears nothing of what is wrong here either.
    ///
    /// - Throws: `.accessDenied`, or in this order `.keyVersionNotFound`, `.invalidKeyUsage` for a key of another kind or usage, `.invalidParameter`
    ///   for an algorithm of other keys.
    func version(
        of key: ResidentKey, for operation: KeyOperation, in kms: KeyService, as caller: Caller
    ) throws(KMSError) -> KeyVersionID {
        guard let version else {
            try kms.requireRight(to: key, as: caller)
            throw KMSError(.keyVersionNotFound, "key \(key.key.id) has no such version")
        }
        try kms.requireVersion(version, of: key, as: caller)
        if case .asymmetric(let algorithm) = key.key.spec.family, schemes(algorithm).contains(scheme) { return version }
        try kms.requireRight(to: key, as: caller)
        try key.key.requireFit(for: operation)
        throw KMSError(
            .invalidParameter,
            "the algorithm is not one of key \(key.key.id), which is of the spec \(key.key.spec.rawValue)")
    }
}

extension AsymmetricUse<SignatureScheme> {
    /// By `KeyVersionId` and `Algorithm`.
    init(_ values: AlibabaValues) throws(KMSError) {
        self.init(try values.keyVersion(), try values.signatureScheme()) { $0.signatureSchemes }
    }
}

extension AsymmetricUse<AsymmetricEncryptionScheme> {
    init(
        _ values: AlibabaValues, version: StaticString = "KeyVersionId", algorithm: StaticString = "Algorithm"
    ) throws(KMSError) {
        self.init(try values.keyVersion(version), try values.encryptionScheme(algorithm)) { $0.encryptionSchemes }
    }

    /// Who asks, where a right is divided by the algorithm as other vendors divide it.
    func caller(_ caller: Caller, rsa: Permission, sm2: Permission) -> Caller {
        switch scheme {
        case .sm2ASN1, .sm2Raw: caller.needing(sm2)
        case .rsaPKCS1, .rsaOAEPSHA1, .rsaOAEPSHA256: caller.needing(rsa)
        }
    }
}
