import ClavigerCrypto
import Synchronization

/// A key as it was at one moment, with its material at hand: what the hot path works on.
///
/// A key whose state forbids use carries no material, so that disabling a key wipes it from memory.
package final class ResidentKey: Sendable {
    package let key: Key

    /// The key's own policy, read.
    let policy: Policy?

    private let stale = Atomic<Bool>(false)

    /// Whether the key has changed since.
    var isStale: Bool { stale.load(ordering: .acquiring) }

    func markStale() { stale.store(true, ordering: .releasing) }

    /// The versions of a symmetric key.
    let versions: [KeyVersionID: any ActiveKeyVersion]
    let primary: (any ActiveKeyVersion)?

    /// The versions of an asymmetric key.
    let pairs: [KeyVersionID: any ActivePrivateKey]

    /// Every version, also while the key's state keeps its material away.
    let versionIDs: Set<KeyVersionID>

    /// - Parameter versionIDs: `nil` stands for those that are active.
    package init(
        key: Key, policy: Policy? = nil, versionIDs: [KeyVersionID]? = nil,
        versions: [KeyVersionID: any ActiveKeyVersion]
    ) {
        self.key = key
        self.policy = policy
        self.versionIDs = Set(versionIDs ?? Array(versions.keys))
        self.versions = versions
        pairs = [:]
        primary = key.primaryVersion.flatMap { versions[$0] }
    }

    init(
        key: Key, policy: Policy? = nil, versionIDs: [KeyVersionID]? = nil,
        pairs: [KeyVersionID: any ActivePrivateKey]
    ) {
        self.key = key
        self.policy = policy
        self.versionIDs = Set(versionIDs ?? Array(pairs.keys))
        versions = [:]
        self.pairs = pairs
        primary = nil
    }

    /// A version of an asymmetric key, the primary one if none is named.
    ///
    /// - Throws: `.wrongKeyState` if there is no such version.
    func pair(_ version: KeyVersionID? = nil) throws(KMSError) -> any ActivePrivateKey {
        guard let version = version ?? key.primaryVersion, let pair = pairs[version] else {
            throw KMSError(.wrongKeyState, "key \(key.id) has no such version")
        }
        return pair
    }
}
