package import ClavigerCrypto

/// A fresh key for the caller: in plaintext, and encrypted under a customer master key. Nothing of it is stored.
package struct DataKey: Sendable {
    package let plaintext: KeyMaterial
    package let ciphertext: [UInt8]
}

extension KeyService {
    /// Makes a data key of `count` bytes, 1 to 1,024.
    package func generateDataKey(
        _ count: Int,
        under resident: ResidentKey,
        context: EncryptionContext,
        as caller: Caller
    ) throws(KMSError) -> DataKey {
        try admit(.generateDataKey, on: resident, as: caller, context: context)
        let plaintext = random.material(count)
        let ciphertext = try seal(plaintext, under: resident, purpose: .dataKey, context: context)
        return DataKey(plaintext: plaintext, ciphertext: ciphertext)
    }

    /// Makes `count` random bytes, 1 to 1,024.
    package func generateRandom(_ count: Int, as caller: Caller) throws(KMSError) -> KeyMaterial {
        try caller.require(on: .all(.key))
        return random.material(count)
    }
}
