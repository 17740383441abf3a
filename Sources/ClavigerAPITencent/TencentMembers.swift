import ClavigerCore
import ClavigerCrypto

/// The members of an answer, written.
package struct TencentMembers: Sendable {
    let json: JSONWriter
    let madeKeys: [KeyID]
}
