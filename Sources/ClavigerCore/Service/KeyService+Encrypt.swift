package import ClavigerCrypto

extension KeyService {
    /// Encrypts under the key's primary version.
    ///
    /// Decryption fails unless the same `context` is presented again. `purpose` says what the plaintext is. `plaintext` is called once the key
    /// admits the operation, so that what is wrong with the key is reported before what is wrong with the data.
    package func encrypt(
        under resident: ResidentKey,
        purpose: Ciphertext.Purpose = .data,
        context: EncryptionContext,
        as caller: Caller,
        _ plaintext: () throws(KMSError) -> KeyMaterial
    ) throws(KMSError) -> [UInt8] {
        try admit(.encrypt, on: resident, as: caller, context: context)
        return try seal(try plaintext(), under: resident, purpose: purpose, context: context)
    }

    func seal(
        _ plaintext: KeyMaterial, under resident: ResidentKey, purpose: Ciphertext.Purpose, context: EncryptionContext
    ) throws(KMSError) -> [UInt8] {
        guard let primary = resident.primary else {
            throw KMSError(.wrongKeyState, "key \(resident.key.id) has no material")
        }
        return try primary.encrypt(plaintext, purpose: purpose, context: context, at: clock.now)
    }
}
