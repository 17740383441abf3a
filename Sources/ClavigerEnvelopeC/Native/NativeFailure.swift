import CKmsEncSdk
import ClavigerCrypto

/// Why a native function gave no result.
enum NativeFailure: Error {
    /// An argument that cannot be: NULL, a length, a key; padding or an SM2 ciphertext that is wrong.
    case badArgument
    case emptySource
    case ciphertextTooShort
    /// A tag or a signature that does not verify.
    case notAuthentic

    init(_ error: CryptoError) {
        switch error {
        case .malformed, .failed: self = .badArgument
        case .notAuthentic: self = .notAuthentic
        }
    }

    private var code: EncSdkErrorCode {
        switch self {
        case .badArgument: ES_ERROR
        case .emptySource: ES_ENCRYPT_SOURCE_EMPTY
        case .ciphertextTooShort: ES_CIPHER_TEXT_TOO_SHORT
        case .notAuthentic: ES_DIGEST_INVALIDATE
        }
    }

    /// What a native function returns that does `work`.
    static func result(of work: () throws(NativeFailure) -> Void) -> Int32 {
        Cancellation.deferred {
            do throws(NativeFailure) {
                try work()
                return ES_OK.rawValue
            } catch {
                return error.code.rawValue
            }
        }
    }

    /// Runs what fails with a ``CryptoError``.
    static func translating<Result>(_ work: () throws(CryptoError) -> Result) throws(NativeFailure) -> Result {
        do throws(CryptoError) { return try work() } catch { throw NativeFailure(error) }
    }
}
