package import ClavigerCrypto

/// What is signed, and how.
package struct SignatureRequest: Sendable {
    package enum Content: Sendable {
        /// A message, hashed as the scheme wants; for SM2 together with the default user id (GB/T 32918.2).
        case message([UInt8])
        /// A digest of the size that the scheme wants.
        case digest([UInt8])
    }

    package let content: Content
    package let scheme: SignatureScheme
    package let encoding: SignatureEncoding

    package init(_ content: Content, scheme: SignatureScheme, encoding: SignatureEncoding) {
        self.content = content
        self.scheme = scheme
        self.encoding = encoding
    }
}

extension KeyService {
    /// Signs with the private key; may compute for milliseconds, see ``KeySpec/signsSlowly``.
    ///
    /// - Parameters:
    ///   - version: of the key; `nil` means the primary one.
    ///   - request: called once the key admits the operation.
    /// - Throws: `.invalidKeyUsage` for a key that is not for signing, `.invalidParameter` if the scheme does not belong to the key or a digest
    ///   has the wrong size.
    package func sign(
        with resident: ResidentKey, version: KeyVersionID? = nil, as caller: Caller,
        _ request: () throws(KMSError) -> SignatureRequest
    ) throws(KMSError) -> [UInt8] {
        try admit(.sign, on: resident, as: caller)
        let request = try request()
        let pair = try resident.pair(version)
        let digest = try Self.digest(of: request, for: pair.publicKey)
        return try pair.sign(digest, request.scheme, encoding: request.encoding)
    }

    /// Whether `signature` is one by this key; a malformed one is not.
    package func verify(
        with resident: ResidentKey, version: KeyVersionID? = nil, as caller: Caller,
        _ request: () throws(KMSError) -> (signature: [UInt8], of: SignatureRequest)
    ) throws(KMSError) -> Bool {
        try admit(.verify, on: resident, as: caller)
        let (signature, request) = try request()
        let publicKey = try resident.pair(version).publicKey
        let digest = try Self.digest(of: request, for: publicKey)
        return publicKey.verify(signature, digest: digest, request.scheme, encoding: request.encoding)
    }

    private static func digest(of request: SignatureRequest, for key: PublicKey) throws(KMSError) -> [UInt8] {
        guard key.algorithm.signatureSchemes.contains(request.scheme) else {
            throw KMSError(.invalidParameter, "the algorithm is not one of this key")
        }
        switch request.content {
        case .digest(let digest):
            guard digest.count == request.scheme.digestSize else {
                throw KMSError(
                    .invalidParameter, "the digest has \(digest.count) bytes, not \(request.scheme.digestSize)")
            }
            return digest
        case .message(let message):
            do throws(CryptoError) {
                return try key.digest(of: message, for: request.scheme)
            } catch {
                throw KMSError(.backendFailed, "the message could not be hashed", cause: error)
            }
        }
    }
}
