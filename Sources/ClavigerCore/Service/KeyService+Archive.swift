extension KeyService {
    /// Stops encryption under the key; decryption goes on.
    package func archive(_ id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change([id], .archive, as: caller) { key throws(KMSError) in
            try key.archive()
            return []
        }
    }

    /// Enables an archived key, whatever it was before.
    package func cancelArchive(of id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change([id], .cancelArchive, as: caller) { key throws(KMSError) in
            try key.cancelArchive()
            return []
        }
    }
}
