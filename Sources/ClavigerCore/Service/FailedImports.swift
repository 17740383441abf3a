import Synchronization

/// Counts imports whose material could not be unwrapped, by token.
///
/// Whether a wrapped material has the right form is told to its sender. Asked tens of thousands of times, that would decrypt what somebody else
/// has wrapped with PKCS#1 v1.5 (Bleichenbacher 1998), so a token that fails too often is taken for expired.
final class FailedImports: Sendable {
    private static let most = 100

    private struct Attempts {
        var count = 0
        let tokenExpiry: Timestamp
    }

    private let attempts = Mutex<[[UInt8]: Attempts]>([:])

    /// Counts an attempt with a token, as if it failed.
    ///
    /// - Returns: whether it may be made.
    func begin(with parameters: ImportParameters) -> Bool {
        attempts.withLock { attempts in
            let known = attempts[parameters.tokenDigest] ?? Attempts(tokenExpiry: parameters.expiry)
            guard known.count < Self.most else { return false }
            attempts[parameters.tokenDigest] = Attempts(count: known.count + 1, tokenExpiry: known.tokenExpiry)
            return true
        }
    }

    /// Takes the count of an attempt back that did not fail.
    func succeed(with parameters: ImportParameters) {
        attempts.withLock { attempts in
            attempts[parameters.tokenDigest]?.count -= 1
            if attempts[parameters.tokenDigest]?.count == 0 { attempts[parameters.tokenDigest] = nil }
        }
    }

    /// Forgets tokens whose time is over.
    func forget(expiredAt moment: Timestamp) {
        attempts.withLock { attempts in attempts = attempts.filter { $0.value.tokenExpiry > moment } }
    }
}
