package import ClavigerCrypto

extension KeyService {
    /// Decrypts with the version that the ciphertext names; `resident` is the key that it names.
    ///
    /// - Throws: `.invalidCiphertext` for anything wrong with the ciphertext or the context, also for a key of another account or realm, or
    ///   one that is gone.
    package func decrypt(
        _ ciphertext: Ciphertext,
        with resident: ResidentKey,
        context: EncryptionContext,
        as caller: Caller
    ) throws(KMSError) -> KeyMaterial {
        guard
            resident.key.id.value == ciphertext.keyID, resident.key.scope == caller.scope, !isGone(resident.key)
        else {
            // Who may not decrypt in general does not learn which keys exist.
            try caller.require(on: .unknownKey(KeyID(ciphertext.keyID)), context: context)
            throw .invalidCiphertext
        }
        try admit(.decrypt, on: resident, as: caller, context: context)
        // What belongs to secrets is read as secrets are, by those who may.
        guard ciphertext.purpose != .secretValue else { throw .invalidCiphertext }
        return try open(ciphertext, with: resident, context: context)
    }

    /// Decrypts without asking who wants it.
    func open(
        _ ciphertext: Ciphertext, with resident: ResidentKey, context: EncryptionContext
    ) throws(KMSError) -> KeyMaterial {
        guard let version = resident.versions[KeyVersionID(ciphertext.keyVersionID)] else { throw .invalidCiphertext }
        return try version.decrypt(ciphertext, context: context)
    }
}
