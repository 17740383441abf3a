package import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Data keys of one access key, kept within limits so that the KMS is asked now and then.
///
/// There are two caches, for encryption and for decryption, and neither feeds the other. Whoever needs a data key that is being
/// fetched waits for it, as far as it may serve one more message, and shares a failure as well: so an outage costs each caller the
/// time of one attempt. While the KMS is asked nothing is locked.
package final class DataKeys: Sendable {
    /// How many entries each cache has at most.
    package static let capacity = 1000

    private struct EncryptionEntry {
        /// A data key that may be used `uses` times more, at least once.
        struct Ready {
            let key: DataKey
            let madeAt: Duration
            var uses: Int
        }

        /// A data key that is being fetched, and for which so many more may wait.
        struct Coming {
            let flight: EncryptionFlight
            var seats: Int
        }

        var ready: Ready?
        var coming: Coming?
    }

    private struct DecryptionEntry {
        let key: KeyMaterial
        let since: Duration
    }

    private typealias EncryptionFlight = Flight<DataKey, EnvelopeError>
    private typealias DecryptionFlight = Flight<KeyMaterial, KMSFailure>

    private struct State: ~Copyable {
        var process: pid_t
        var encryption = RecentlyUsed<CacheKey, EncryptionEntry>(capacity: DataKeys.capacity)
        var decryption = RecentlyUsed<CacheKey, DecryptionEntry>(capacity: DataKeys.capacity)
        var decryptionFlights: [CacheKey: DecryptionFlight] = [:]

        /// Parts from the parent after fork(): the threads that fetch its data keys are not here, and the uses that are left of
        /// those it encrypts with are its own.
        mutating func part(as current: pid_t) {
            guard process != current else { return }
            process = current
            encryption.removeAll()
            decryptionFlights.removeAll()
        }
    }

    private enum EncryptionStep {
        case use(DataKey)
        case wait(EncryptionFlight)
        case fetch(EncryptionFlight)
    }

    private enum DecryptionStep {
        case use(KeyMaterial)
        case wait(DecryptionFlight)
        case fetch(DecryptionFlight)
    }

    private let credentials: KMSCredentials
    private let service: KMSService
    private let processID: @Sendable () -> pid_t

    /// How many messages a data key encrypts.
    private let usesPerKey: Int

    /// How long, or `nil` for no limit.
    private let encryptionLimit: Duration?
    private let decryptionLimit: Duration?

    private let state: ForkGuarded<State>

    package convenience init(credentials: KMSCredentials, limits: DataKeyLimits, service: KMSService) {
        self.init(credentials: credentials, limits: limits, service: service) { getpid() }
    }

    /// - Parameter processID: which process this is; a child of fork() has another.
    init(
        credentials: KMSCredentials, limits: DataKeyLimits, service: KMSService,
        processID: @escaping @Sendable () -> pid_t
    ) {
        self.credentials = credentials
        self.service = service
        self.processID = processID
        state = ForkGuarded(State(process: processID()))
        usesPerKey = limits.messagesPerKey == 0 ? .max : limits.messagesPerKey
        encryptionLimit = limits.encryptionSeconds == 0 ? nil : .seconds(limits.encryptionSeconds)
        decryptionLimit = limits.decryptionSeconds == 0 ? nil : .seconds(limits.decryptionSeconds)
    }

    /// Wipes both caches. Data keys that are being fetched serve those who wait for them, and nobody else.
    package func wipe() {
        state.withLock { state in
            state.encryption.removeAll()
            state.decryption.removeAll()
            state.decryptionFlights.removeAll()
        }
    }
}

// MARK: Encryption

extension DataKeys {
    /// A data key for one message, which counts.
    ///
    /// - Parameters:
    ///   - masterKeys: 1 to 5.
    ///   - context: the encryption context as the caller wrote it; to empty there belongs none.
    /// - Throws: ``EnvelopeError/Code/noMasterKey``, and what `newDataKey` throws.
    package func forEncryption(
        under masterKeys: [MasterKey], context: String
    ) throws(EnvelopeError) -> DataKey {
        guard !masterKeys.isEmpty else { throw EnvelopeError(.noMasterKey, "there is no master key") }
        let entry = CacheKey(masterKeys, context: context)
        switch encryptionStep(entry) {
        case .use(let key): return key
        case .wait(let flight): return try flight.wait().get()
        case .fetch(let flight):
            let result: Result<(key: DataKey, madeAt: Duration), EnvelopeError>
            do throws(EnvelopeError) {
                result = .success(
                    try service.newDataKey(under: masterKeys, context: context, credentials: credentials))
            } catch {
                result = .failure(error)
            }
            keep(result, of: flight, for: entry)
            let key = result.map(\.key)
            flight.land(key)
            return try key.get()
        }
    }

    private func encryptionStep(_ entry: CacheKey) -> EncryptionStep {
        let process = processID()
        let now = service.clock.elapsed()
        return state.withLock { state in
            state.part(as: process)
            return state.encryption.use(entry) { value in
                var entry = value ?? EncryptionEntry()
                let step = step(now, &entry)
                value = entry.ready == nil && entry.coming == nil ? nil : entry
                return step
            }
        }
    }

    private func step(_ now: Duration, _ entry: inout EncryptionEntry) -> EncryptionStep {
        if var ready = entry.ready {
            entry.ready = nil
            if !Self.isOver(encryptionLimit, since: ready.madeAt, now) {
                ready.uses -= 1
                if ready.uses > 0 { entry.ready = ready }
                return .use(ready.key)
            }
        }
        if var coming = entry.coming {
            coming.seats -= 1
            entry.coming = coming.seats > 0 ? coming : nil
            return .wait(coming.flight)
        }
        let flight = EncryptionFlight()
        // With one message per key nobody can share: each has its own flight, at the same time as the others.
        if usesPerKey > 1 { entry.coming = EncryptionEntry.Coming(flight: flight, seats: usesPerKey - 1) }
        return .fetch(flight)
    }

    /// Keeps a data key for as many messages as seats are left. If there are none, or the caches were wiped meanwhile, it is not
    /// kept.
    ///
    /// A data key that took longer to encrypt under the other master keys than it may be used serves those who waited all the same:
    /// another would be no younger.
    private func keep(
        _ result: Result<(key: DataKey, madeAt: Duration), EnvelopeError>, of flight: EncryptionFlight,
        for entry: CacheKey
    ) {
        let now = service.clock.elapsed()
        state.withLock { state in
            state.encryption.removeAll { entry in
                entry.coming == nil && entry.ready.map { Self.isOver(encryptionLimit, since: $0.madeAt, now) } != false
            }
            state.encryption.use(entry) { value in
                guard let coming = value?.coming, coming.flight === flight else { return }
                value?.coming = nil
                switch result {
                case .success(let made):
                    value?.ready = EncryptionEntry.Ready(key: made.key, madeAt: made.madeAt, uses: coming.seats)
                case .failure:
                    value = nil
                }
            }
        }
    }
}

// MARK: Decryption

extension DataKeys {
    /// The data key of a message, by the first of its encrypted data keys that is known, or else that the KMS decrypts.
    ///
    /// - Throws: ``EnvelopeError/Code/dataKeyNotDecrypted`` if the KMS decrypts none of them, or
    ///   ``EnvelopeError/Code/wrongDataKeySize`` if one of them is a key of a wrong size and none of the right one.
    package func forDecryption(
        _ wrapped: [EncryptedDataKey], context: String
    ) throws(EnvelopeError) -> KeyMaterial {
        let candidates = wrapped.prefix(MasterKey.maximumCount).map { wrapped in
            (wrapped: wrapped, entry: CacheKey(wrapped, context: context))
        }
        for candidate in candidates {
            if let key = knownKey(candidate.entry) { return key }
        }
        var failures: [(region: String, keyID: String, why: KMSFailure)] = []
        for (wrapped, entry) in candidates {
            switch decryptedKey(wrapped, context: context, entry) {
            case .success(let key): return key
            case .failure(let failure): failures.append((wrapped.region, wrapped.keyID, failure))
            }
        }
        throw KMSService.error(
            failures.contains { $0.why == .wrongDataKeySize } ? .wrongDataKeySize : .dataKeyNotDecrypted,
            "no master key could decrypt the data key", failures)
    }

    private func knownKey(_ entry: CacheKey) -> KeyMaterial? {
        let now = service.clock.elapsed()
        return state.withLock { state in known(entry, now, &state) }
    }

    private func known(_ entry: CacheKey, _ now: Duration, _ state: inout State) -> KeyMaterial? {
        state.decryption.use(entry) { value in
            if let known = value, Self.isOver(decryptionLimit, since: known.since, now) { value = nil }
            return value?.key
        }
    }

    private func decryptedKey(
        _ wrapped: EncryptedDataKey, context: String, _ entry: CacheKey
    ) -> Result<KeyMaterial, KMSFailure> {
        let process = processID()
        let now = service.clock.elapsed()
        let step = state.withLock { state -> DecryptionStep in
            state.part(as: process)
            // Somebody may have fetched it since it was looked for.
            if let key = known(entry, now, &state) { return .use(key) }
            if let flight = state.decryptionFlights[entry] { return .wait(flight) }
            let flight = DecryptionFlight()
            state.decryptionFlights[entry] = flight
            return .fetch(flight)
        }
        switch step {
        case .use(let key): return .success(key)
        case .wait(let flight): return flight.wait()
        case .fetch(let flight):
            let result: Result<KeyMaterial, KMSFailure>
            do throws(KMSFailure) {
                result = .success(try service.decrypt(wrapped, context: context, credentials: credentials))
            } catch {
                result = .failure(error)
            }
            keep(result, of: flight, for: entry)
            flight.land(result)
            return result
        }
    }

    private func keep(
        _ result: Result<KeyMaterial, KMSFailure>, of flight: DecryptionFlight, for entry: CacheKey
    ) {
        let now = service.clock.elapsed()
        state.withLock { state in
            // The caches may have been wiped meanwhile.
            guard state.decryptionFlights[entry] === flight else { return }
            state.decryptionFlights[entry] = nil
            guard case .success(let key) = result else { return }
            state.decryption.removeAll { Self.isOver(decryptionLimit, since: $0.since, now) }
            state.decryption.use(entry) { $0 = DecryptionEntry(key: key, since: now) }
        }
    }

    private static func isOver(_ limit: Duration?, since moment: Duration, _ now: Duration) -> Bool {
        guard let limit else { return false }
        return now - moment >= limit
    }
}
