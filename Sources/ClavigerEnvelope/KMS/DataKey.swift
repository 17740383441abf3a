package import ClavigerCrypto

/// A data key: as it is, and under each master key that took part.
package struct DataKey: Sendable {
    /// An SM4 key has 16 bytes.
    package static let size = 16

    package let plaintext: KeyMaterial

    /// 1 to 5, in the order of the master keys.
    package let wrapped: [EncryptedDataKey]

    package init(plaintext: KeyMaterial, wrapped: [EncryptedDataKey]) {
        self.plaintext = plaintext
        self.wrapped = wrapped
    }
}
