import CKmsEncSdk
import ClavigerEnvelope

/// The result of a C function: 0, or the code of what `body` threw.
func result(_ body: () throws(EnvelopeError) -> Void) -> CInt {
    Cancellation.deferred {
        do throws(EnvelopeError) {
            try body()
            return ES_OK.rawValue
        } catch {
            return error.code.rawValue
        }
    }
}
