extension KeyService {
    /// Records that a resource of a cloud product relies on the key, which can then not be taken away. Imported material no longer expires.
    package func bind(_ resource: ResourceBinding, to id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change([id], .bindResource, as: caller) { key throws(KMSError) in
            try key.bindResource()
            return [.bind(resource)]
        }
    }

    /// - Throws: `.bindingNotFound`.
    package func unbind(_ resource: ResourceBinding, from id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change([id], .unbindResource, as: caller) { _ in [.unbind(resource)] }
    }
}
