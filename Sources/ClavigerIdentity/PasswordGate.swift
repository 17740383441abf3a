package import ClavigerCore
package import ClavigerCrypto
import Synchronization

/// Compares passwords, slowly and not too often.
///
/// Whoever is refused learns nothing but that: a name that does not exist, one without a password, one that is locked and a wrong password cost the
/// same derivation, answer after the same delay, and say the same. Names are counted whether they exist or not.
package final class PasswordGate: Sendable {
    /// How many wrong passwords are borne.
    package struct Rules: Hashable, Sendable {
        /// As many wrong passwords for a name within the window lock it.
        package var attempts = 5
        package var window = Duration.seconds(900)
        package var lockTime = Duration.seconds(900)

        /// How late the first refusal is answered; each further one twice as late as the one before.
        package var firstDelay = Duration.milliseconds(250)
        package var longestDelay = Duration.seconds(4)

        package init() {}
    }

    private struct Record {
        var failures: [Timestamp] = []
        var lockedUntil: Timestamp?

        /// Attempts that are being decided.
        var pending = 0

        /// Forgets what is over at `now`.
        mutating func expire(_ window: Duration, at now: Timestamp) {
            if let end = lockedUntil, end <= now {
                lockedUntil = nil
                failures = []
            }
            // A lock lasts for its own time, however long ago the failures are.
            if lockedUntil == nil { failures.removeAll { $0 + window <= now } }
        }

        var isEmpty: Bool { failures.isEmpty && lockedUntil == nil && pending == 0 }
    }

    /// Bytes of a name by which it is counted; longer ones do not exist.
    private static let longestName = 128

    private let rules: Rules
    private let capacity: Int
    private let workers: WorkerPool
    private let clock: WallClock
    private let sleep: @Sendable (Duration) async -> Void

    /// Stands for the digest that is missing.
    private let nobody: PasswordDigest
    private let records = Mutex<[String: Record]>([:])

    /// - Parameters:
    ///   - capacity: as many names are counted. An attempt costs a derivation, so nobody can fill the table within the window to make it forget.
    ///   - sleep: what delays an answer.
    package init(
        rules: Rules = Rules(), capacity: Int = 100_000, workers: WorkerPool, random: RandomSource,
        clock: WallClock = .system,
        sleep: @escaping @Sendable (Duration) async -> Void = PasswordGate.wait
    ) {
        var rules = rules
        rules.attempts = max(1, rules.attempts)
        self.rules = rules
        self.capacity = capacity
        self.workers = workers
        self.clock = clock
        self.sleep = sleep
        nobody = PasswordDigest(
            salt: random.bytes(16), rounds: PassphraseKey.Cost.password.rounds, digest: random.bytes(32))
    }

    /// Waits, or until the task is cancelled: whoever hangs up hears nothing anyway.
    package static func wait(_ duration: Duration) async { try? await Task.sleep(for: duration) }

    package static let wrongPassword = KMSError(
        .wrongPassword, "the account, the user or the password is wrong, or there were too many attempts")

    /// Lets through whoever knows the password.
    ///
    /// - Parameters:
    ///   - digest: `nil` if there is none, or nobody of this name.
    ///   - name: what attempts are counted by.
    /// - Throws: `.wrongPassword`; `.throttled` if as many attempts for the name as are borne are being decided already, or no more names can be counted.
    package func check(
        _ password: KeyMaterial, against digest: PasswordDigest?, name: String
    ) async throws(KMSError) {
        let name = String(decoding: name.utf8.prefix(Self.longestName), as: UTF8.self)
        let isOpen = try begin(name)
        let isRight: Bool
        do throws(KMSError) {
            isRight = try await compare(password, with: digest)
        } catch {
            abandon(name, isOpen)
            throw error
        }
        guard isOpen, isRight else {
            await sleep(delay(after: fail(name, isOpen)))
            throw Self.wrongPassword
        }
        succeed(name)
    }

    private func compare(_ password: KeyMaterial, with digest: PasswordDigest?) async throws(KMSError) -> Bool {
        let kept = digest ?? nobody
        return try await workers.run { () throws(KMSError) in
            let cost = PassphraseKey.Cost(
                rounds: kept.rounds, blockSize: PassphraseKey.Cost.password.blockSize,
                parallelism: PassphraseKey.Cost.password.parallelism)
            do throws(CryptoError) {
                let derived = try PassphraseKey.derive(from: password, salt: kept.salt, cost: cost)
                let isEqual = derived.withUnsafeBytes { derived in
                    kept.digest.withUnsafeBytes { constantTimeEqual(derived, $0) }
                }
                return isEqual && digest != nil
            } catch {
                throw KMSError(.backendFailed, "the password could not be compared", cause: error)
            }
        }
    }

    // MARK: counting

    /// Begins an attempt. Attempts under way count as if they failed, or a thousand guesses at once would count as one.
    ///
    /// - Returns: whether the name is not locked.
    private func begin(_ name: String) throws(KMSError) -> Bool {
        let now = clock.now
        return try records.withLock { records throws(KMSError) in
            var record = records[name] ?? Record()
            record.expire(rules.window, at: now)
            guard record.lockedUntil == nil else { return false }
            guard record.failures.count + record.pending < rules.attempts,
                records[name] != nil || makeRoom(in: &records, at: now)
            else { throw KMSError(.throttled, "too many attempts at once; try again later") }
            record.pending += 1
            records[name] = record
            return true
        }
    }

    /// Ends an attempt that nobody could decide.
    private func abandon(_ name: String, _ isOpen: Bool) {
        guard isOpen else { return }
        records.withLock { records in
            records[name]?.pending -= 1
            if records[name]?.isEmpty == true { records[name] = nil }
        }
    }

    private func succeed(_ name: String) {
        records.withLock { records in
            guard var record = records[name] else { return }
            record.pending -= 1
            record.failures = []
            records[name] = record.isEmpty ? nil : record
        }
    }

    /// - Returns: how many attempts have failed.
    private func fail(_ name: String, _ isOpen: Bool) -> Int {
        guard isOpen else { return rules.attempts }
        let now = clock.now
        return records.withLock { records in
            var record = records[name] ?? Record()
            record.pending -= 1
            record.failures.append(now)
            if record.failures.count >= rules.attempts { record.lockedUntil = now + rules.lockTime }
            records[name] = record
            return record.failures.count
        }
    }

    private func delay(after failures: Int) -> Duration {
        // 2^16 times the first delay is more than anybody configures; the shift must not run over.
        min(rules.firstDelay * (1 << min(failures - 1, 16)), rules.longestDelay)
    }

    /// - Returns: whether there is room for one more name. One that is locked stays so: it must not take strangers to unlock it.
    private func makeRoom(in records: inout [String: Record], at now: Timestamp) -> Bool {
        guard records.count >= capacity else { return true }
        for name in records.keys {
            records[name]?.expire(rules.window, at: now)
            if records[name]?.isEmpty == true { records[name] = nil }
        }
        guard records.count >= capacity else { return true }
        let oldest = records.filter { $0.value.pending == 0 && $0.value.lockedUntil == nil }
            .min { ($0.value.failures.last ?? now) < ($1.value.failures.last ?? now) }
        guard let oldest else { return false }
        records[oldest.key] = nil
        return true
    }
}
