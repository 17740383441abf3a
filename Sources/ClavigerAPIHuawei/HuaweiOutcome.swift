import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto

/// An answer, written.
package struct HuaweiOutcome: CallOutcome {
    let status: Int
    let json: JSONWriter
    package let madeKeys: [KeyID]
}
