/// What is told of a key version.
package struct KeyVersionSummary: Hashable, Sendable {
    package let id: KeyVersionID
    package let key: KeyID
    package let createdAt: Timestamp

    package init(id: KeyVersionID, key: KeyID, createdAt: Timestamp) {
        self.id = id
        self.key = key
        self.createdAt = createdAt
    }
}
