extension KeyService {
    /// Gives the key one more version: new material that encrypts from now on, or one more key pair, used by its id.
    ///
    /// - Parameter limit: as many versions as the key can have afterwards.
    /// - Throws: `.externalKeyCannotRotate`, `.tooManyRotations`.
    package func createVersion(of id: KeyID, limit: Int, as caller: Caller) async throws(KMSError) -> KeyVersion {
        let key = try await admittedKey(id, for: .createVersion, as: caller)
        // The store has the last word; a key pair that nobody will get is not even made.
        guard try await store.versions(of: id).count < limit else {
            throw KMSError(.tooManyRotations, "key \(id) has \(limit) versions, which is the limit")
        }
        let now = clock.now
        let version = try await makeVersion(of: id, key.spec, in: key.scope, at: now)
        try await change([id], .createVersion, as: caller) { key throws(KMSError) in
            try key.addVersion(version.id, at: now)
            return [.addVersion(version, limit: limit)]
        }
        return version
    }

    /// All versions of the key, the oldest first. The one version of a key with material from outside is there also while the material is not.
    package func versions(of resident: ResidentKey, as caller: Caller) async throws(KMSError) -> [KeyVersionSummary] {
        try admit(.describeVersions, on: resident, as: caller)
        let key = resident.key
        guard key.origin == .generated else {
            return [KeyVersionSummary(id: key.externalVersion, key: key.id, createdAt: key.createdAt)]
        }
        return try await store.versions(of: key.id).map {
            KeyVersionSummary(id: $0.id, key: $0.key, createdAt: $0.createdAt)
        }
    }

    /// Refuses a version that the key does not have.
    ///
    /// - Throws: `.keyVersionNotFound`, and `.accessDenied` to those who may not know.
    package func requireVersion(
        _ version: KeyVersionID, of resident: ResidentKey, as caller: Caller
    ) throws(KMSError) {
        guard !resident.versionIDs.contains(version) else { return }
        try requireRight(to: resident, as: caller)
        throw KMSError(.keyVersionNotFound, "key \(resident.key.id) has no version \(version)")
    }
}
