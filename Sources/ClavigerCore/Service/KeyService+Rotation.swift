extension KeyService {
    /// Lets the key rotate by itself every `period` from now on.
    ///
    /// - Throws: `.externalKeyCannotRotate`, `.unsupportedOperation` for an asymmetric key.
    package func enableRotation(of id: KeyID, every period: Duration, as caller: Caller) async throws(KMSError) {
        let now = clock.now
        try await change([id], .enableRotation, as: caller) { key throws(KMSError) in
            try key.enableRotation(every: period, from: now)
            return []
        }
    }

    /// Changes how often a key rotates that rotates by itself already; the time runs from now on.
    ///
    /// - Throws: `.rotationNotEnabled`, and as ``enableRotation(of:every:as:)``.
    package func changeRotation(of id: KeyID, every period: Duration, as caller: Caller) async throws(KMSError) {
        let now = clock.now
        try await change([id], .enableRotation, as: caller) { key throws(KMSError) in
            try key.changeRotation(every: period, from: now)
            return []
        }
    }

    /// Lets the key rotate every `period`, counted from when its newest version was made, which may be due at once.
    ///
    /// - Throws: as ``enableRotation(of:every:as:)``.
    package func enableRotationFromNewestVersion(
        of id: KeyID, every period: Duration, gate: StateGate, as caller: Caller
    ) async throws(KMSError) {
        try await change([id], .enableRotation, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            try key.enableRotationFromNewestVersion(every: period)
            return []
        }
    }

    package func disableRotation(of id: KeyID, gate: StateGate = .none, as caller: Caller) async throws(KMSError) {
        try await change([id], .disableRotation, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            try key.disableRotation()
            return []
        }
    }

    /// How the key rotates by itself; `nil` if it does not, or cannot.
    package func rotationPolicy(of id: KeyID, as caller: Caller) async throws(KMSError) -> RotationPolicy? {
        try await describe([id], as: caller)[0].rotationPolicy
    }

    /// How often the key has rotated.
    package func countRotations(of resident: ResidentKey, as caller: Caller) async throws(KMSError) -> Int {
        try admit(.describeRotation, on: resident, as: caller)
        return max(0, try await store.versions(of: resident.key.id).count - 1)
    }

    /// Gives the key new material now. What was encrypted under older versions still decrypts.
    ///
    /// - Returns: the new version.
    /// - Throws: `.rotationUnsupported`, `.tooManyRotations` if the key has as many versions as a key may get by hand.
    @discardableResult
    package func rotate(_ id: KeyID, as caller: Caller) async throws(KMSError) -> KeyVersionID {
        let key = try await admittedKey(id, for: .rotate, as: caller)
        guard try await store.versions(of: id).count < limits.versionsByHand else {
            throw KMSError(
                .tooManyRotations, "key \(id) has \(limits.versionsByHand) versions; it only rotates by its period now")
        }
        let now = clock.now
        let version = try await makeVersion(of: id, key.spec, in: key.scope, at: now)
        try await change([id], .rotate, as: caller) { key throws(KMSError) in
            try key.rotate(to: version.id, at: now)
            return [.addVersion(version)]
        }
        return version.id
    }
}
