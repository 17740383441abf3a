import ClavigerCrypto

/// A key as it was at one moment, with its material at hand: what the hot path works on.
///
/// A key whose state forbids use carries no material, so that disabling a key wipes it from memory.
package final class ResidentKey: Sendable {
    package let key: Key
    let versions: [KeyVersionID: any ActiveKeyVersion]
    let primary: (any ActiveKeyVersion)?

    package init(key: Key, versions: [KeyVersionID: any ActiveKeyVersion]) {
        self.key = key
        self.versions = versions
        primary = key.primaryVersion.flatMap { versions[$0] }
    }
}
