import ClavigerCrypto

extension KeyService {
    /// The service's own key that has the alias, whoever asks; `nil` if it was not made yet.
    ///
    /// - Throws: `.aliasExists` if the alias is that of somebody else's key.
    func managedKey(
        named alias: KeyAlias, of owner: KeyOwner, for caller: Caller
    ) async throws(KMSError) -> ResidentKey? {
        let resident: ResidentKey
        if let found = self.resident(named: alias, in: caller.scope) {
            resident = found
        } else {
            guard try await store.keyID(named: alias, in: caller.scope) != nil else { return nil }
            resident = try await load(named: alias, as: caller.unrestricted)
        }
        guard resident.key.owner == owner else {
            throw KMSError(
                .aliasExists, "key \(resident.key.id) has the alias \(alias), which is kept for a key of the service")
        }
        return resident
    }

    /// Admits an operation by the state of the key, whatever right the caller has to it.
    ///
    /// - Throws: `.keyNotFound`, `.invalidKeyUsage`, or what the state table says.
    func admitByState(
        _ operation: KeyOperation, on resident: ResidentKey, for caller: Caller
    ) throws(KMSError) {
        try admit(operation, on: resident, as: caller.unrestricted)
    }

    /// Encrypts the value of a version of a secret, without asking who wants it.
    func sealSecretValue(
        _ value: KeyMaterial, of secret: UInt128, version: String, under resident: ResidentKey
    ) throws(KMSError) -> SealedSecretValue {
        let context = Self.context(of: secret, version: version)
        return SealedSecretValue(
            ciphertext: try seal(value, under: resident, purpose: .secretValue, context: context))
    }

    /// Decrypts the value of a version of a secret, without asking who wants it.
    ///
    /// - Throws: `.internalFailure` if what the store gave is not what was sealed for this version.
    func openSecretValue(
        _ value: SealedSecretValue, of secret: UInt128, version: String, with resident: ResidentKey
    ) throws(KMSError) -> KeyMaterial {
        let ciphertext: Ciphertext
        do throws(CryptoError) {
            ciphertext = try Ciphertext(value.ciphertext)
        } catch {
            throw Self.damagedSecretValue(KMSError.invalidCiphertext)
        }
        // Whoever can write to the store may have a ciphertext from a dialect that lets him choose the context.
        guard ciphertext.purpose == .secretValue, ciphertext.keyID == resident.key.id.value else {
            throw Self.damagedSecretValue(KMSError.invalidCiphertext)
        }
        do throws(KMSError) {
            return try open(ciphertext, with: resident, context: Self.context(of: secret, version: version))
        } catch {
            guard error.code == .invalidCiphertext else { throw error }
            throw Self.damagedSecretValue(error)
        }
    }

    /// Binds a value to its place: in front the secret, whose number is never used again, and behind it the version.
    private static func context(of secret: UInt128, version: String) -> EncryptionContext {
        var place: [UInt8] = []
        place.appendBigEndian(secret)
        place.append(contentsOf: version.utf8)
        return EncryptionContext(additionalData: place)
    }

    private static func damagedSecretValue(_ cause: KMSError) -> KMSError {
        KMSError(.internalFailure, "the stored value of the secret is damaged", cause: cause)
    }
}

extension Caller {
    /// The same caller where the service does what the call implies, and the caller needs no right.
    fileprivate var unrestricted: Caller {
        Caller(principal: principal, realm: realm, permission: permission, access: .root)
    }
}
