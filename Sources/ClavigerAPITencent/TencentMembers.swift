import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto

/// The members of an answer, written.
package struct TencentMembers: CallOutcome {
    let json: JSONWriter
    package let madeKeys: [KeyID]
}
