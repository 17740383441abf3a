package import ClavigerCrypto

/// What re-encryption came to.
package enum ReEncryption: Sendable {
    /// The ciphertext is already what it should become: the same key, its primary version, the same context.
    case unchanged
    case reEncrypted([UInt8])
}

extension KeyService {
    /// Decrypts and encrypts again, under another key, a newer version or another context, without the plaintext leaving the service.
    ///
    /// The caller needs a permission for each of the two keys.
    ///
    /// - Parameter isForced: whether what is already as it should become is encrypted anew all the same.
    package func reEncrypt(
        _ ciphertext: Ciphertext,
        from source: ResidentKey,
        context sourceContext: EncryptionContext,
        to destination: ResidentKey,
        context destinationContext: EncryptionContext,
        isForced: Bool = false,
        as caller: Caller
    ) throws(KMSError) -> ReEncryption {
        let plaintext = try decrypt(
            ciphertext, with: source, context: sourceContext, as: caller.needing(.reEncryptFrom))
        try admit(
            .encrypt, on: destination, as: caller.needing(.reEncryptTo), context: destinationContext)
        let isCurrent = destination.key.primaryVersion?.value == ciphertext.keyVersionID
        if !isForced, source.key.id == destination.key.id, isCurrent, sourceContext == destinationContext {
            return .unchanged
        }
        return .reEncrypted(
            try seal(plaintext, under: destination, purpose: ciphertext.purpose, context: destinationContext))
    }

    /// Decrypts what was encrypted under the public key of an asymmetric key, and encrypts it under a symmetric one; computes for up to milliseconds.
    ///
    /// - Parameter request: called once the source admits the operation.
    /// - Throws: as ``asymmetricDecrypt(with:version:as:_:)``.
    package func reEncrypt(
        from source: ResidentKey,
        version: KeyVersionID,
        to destination: ResidentKey,
        context destinationContext: EncryptionContext,
        as caller: Caller,
        _ request: () throws(KMSError) -> (ciphertext: [UInt8], scheme: AsymmetricEncryptionScheme)
    ) throws(KMSError) -> [UInt8] {
        let plaintext = try asymmetricDecrypt(
            with: source, version: version, as: caller.needing(.reEncryptFrom), request)
        try admit(.encrypt, on: destination, as: caller.needing(.reEncryptTo), context: destinationContext)
        return try seal(plaintext, under: destination, purpose: .data, context: destinationContext)
    }
}
