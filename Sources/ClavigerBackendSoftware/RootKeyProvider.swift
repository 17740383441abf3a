package import ClavigerCore
package import ClavigerCrypto

/// Where the root key comes from.
package protocol RootKeyProvider: Sendable {
    /// The provider's name in the configuration, and in the store once the root key is made.
    var name: String { get }

    /// Makes the root key, once in the life of a store.
    ///
    /// - Parameter passphrase: what an operator entered, if this provider asks for it.
    /// - Returns: the key, and what ``open(parameters:passphrase:)`` will need that is no secret; or `nil` if it must wait for an operator.
    func create(passphrase: KeyMaterial?) throws(KMSError) -> (key: any RootKey, parameters: [UInt8])?

    /// Finds the root key again; `nil` if it is absent, so that the server stays sealed.
    func open(parameters: [UInt8], passphrase: KeyMaterial?) throws(KMSError) -> (any RootKey)?
}
