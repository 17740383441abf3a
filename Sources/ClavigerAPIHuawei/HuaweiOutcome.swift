import ClavigerCore
import ClavigerCrypto

/// An answer, written.
package struct HuaweiOutcome: Sendable {
    let status: Int
    let json: JSONWriter

    /// What the call was about, or has made.
    let keys: [KeyID]
}
