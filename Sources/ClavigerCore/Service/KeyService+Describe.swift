extension KeyService {
    /// The keys with these ids, in their order.
    ///
    /// - Throws: `.keyNotFound` if one is missing.
    package func describe(_ ids: [KeyID], as caller: Caller) async throws(KMSError) -> [Key] {
        let keys: [Key]
        do throws(KMSError) {
            keys = try await store.keys(ids, in: caller.scope)
        } catch {
            throw Self.concealed(error, about: ids, from: caller)
        }
        for key in keys { try admit(.describe, on: key, as: caller) }
        let now = clock.now
        return keys.map { $0.current(at: now) }
    }

    /// A page of the caller's keys.
    package func list(_ query: KeyQuery, offset: Int, limit: Int, as caller: Caller) async throws(KMSError) -> KeyPage {
        try caller.require(on: .all(.key))
        try await catchUp()
        let page = try await store.list(query, offset: offset, limit: limit)
        let now = clock.now
        return KeyPage(keys: page.keys.map { $0.current(at: now) }, total: page.total)
    }
}
