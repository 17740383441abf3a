/// What is known of the material that came from outside, beside the material itself; kept after the material is deleted.
package struct ImportedMaterial: Hashable, Sendable {
    /// A keyed digest of the first material: no other one may ever take its place.
    package let digest: [UInt8]

    /// When the material must be gone; `nil` means never.
    package let expiry: Timestamp?

    package init(digest: [UInt8], expiry: Timestamp?) {
        self.digest = digest
        self.expiry = expiry
    }
}
