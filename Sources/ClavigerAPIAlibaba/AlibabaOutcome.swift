import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An answer, written.
struct AlibabaOutcome: CallOutcome {
    let json: JSONWriter

    /// Keys that the call made, or named by an alias.
    let madeKeys: [KeyID]
}
