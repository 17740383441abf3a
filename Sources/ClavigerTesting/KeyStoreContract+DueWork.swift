import ClavigerCore
import Testing

extension KeyStoreContract {
    static let dueWork: [Check] =
        DueWork.allCases.flatMap { checks(of: $0) } + [
            Check("Only an enabled key is due for rotation, and it is again once it is enabled again") {
                store async throws in
                let scope = SampleKey.scope()
                let keys = KeyState.allCases.map { due(for: .rotation, at: 10, "\($0)", in: scope, state: $0) }
                try await store.insert(keys)
                let enabled = try #require(keys.first { $0.state == .enabled })
                let disabled = try #require(keys.first { $0.state == .disabled })
                #expect(try await store.due(for: .rotation, at: 10) == [enabled.id])
                _ = try await store.update([enabled.id], in: scope) { key throws(KMSError) in try key.disable() }
                #expect(try await store.due(for: .rotation, at: 10) == [])
                _ = try await store.update([disabled.id], in: scope) { key throws(KMSError) in try key.enable() }
                #expect(try await store.due(for: .rotation, at: 10) == [disabled.id])
            },
            Check("Material expires in every state") { store async throws in
                let scope = SampleKey.scope()
                let keys = KeyState.allCases.map { due(for: .materialExpiry, at: 10, "\($0)", in: scope, state: $0) }
                try await store.insert(keys)
                #expect(try await store.due(for: .materialExpiry, at: 10) == keys.map(\.id))
            },
            Check("A key whose work is done or called off is not due") { store async throws in
                let scope = SampleKey.scope()
                let rotating = ["1", "2"].map { due(for: .rotation, at: 10, $0, in: scope) }
                let expiring = ["3", "4"].map { due(for: .materialExpiry, at: 10, $0, in: scope) }
                try await store.insert(rotating + expiring)
                _ = try await store.update([rotating[0].id], in: scope) { key throws(KMSError) in
                    try key.rotate(to: KeyVersionID(5), at: Timestamp(seconds: 11))
                }
                _ = try await store.update([rotating[1].id], in: scope) { key throws(KMSError) in
                    try key.disableRotation()
                }
                _ = try await store.update([expiring[0].id], in: scope) { key throws(KMSError) in
                    try key.deleteImportedMaterial()
                }
                _ = try await store.update([expiring[1].id], in: scope) { key throws(KMSError) in try key.bindResource()
                }
                #expect(try await store.due(for: .materialExpiry, at: .max) == [])
                #expect(try await store.due(for: .rotation, at: 10) == [])
                // The first has rotated and will again, after its period.
                #expect(try await store.due(for: .rotation, at: 10 + 86400) == [])
                #expect(try await store.due(for: .rotation, at: 11 + 86400) == [rotating[0].id])
            },
        ]

    private static func checks(of work: DueWork) -> [Check] {
        [
            Check("Keys due for \(work) are given earliest first, up to the limit, in all scopes") {
                store async throws in
                let dates: [Int64?] = [30, nil, 10, 20, 40, 10]
                let keys = dates.enumerated().map { number, date in
                    let scope = SampleKey.scope()
                    return date.map { due(for: work, at: $0, "\(number)", in: scope) }
                        ?? SampleKey.make("\(number)", in: scope)
                }
                try await store.insert(keys)
                let ids = [2, 5, 3, 0].map { keys[$0].id }
                #expect(try await store.due(for: work, at: 9) == [])
                #expect(try await store.due(for: work, at: 30) == ids)
                #expect(try await store.due(for: work, at: 29) == Array(ids.prefix(3)))
                #expect(try await store.due(for: work, at: 30, limit: 2) == Array(ids.prefix(2)))
                #expect(try await store.due(for: work, at: 30, limit: 0) == [])
                for other in DueWork.allCases where other != work {
                    #expect(try await store.due(for: other, at: .max) == [])
                }
            }
        ]
    }

    /// A key for which this work alone is due, at this second.
    private static func due(
        for work: DueWork, at second: Int64, _ alias: String, in scope: KeyScope, state: KeyState? = nil
    ) -> Key {
        let date = Timestamp(seconds: second)
        return switch work {
        case .deletion:
            SampleKey.make(alias, in: scope, state: state ?? .pendingDeletion, deletionDate: date)
        case .rotation:
            SampleKey.make(
                alias, in: scope, state: state ?? .enabled,
                rotationPolicy: RotationPolicy(period: .days(1), nextRotation: date))
        case .materialExpiry:
            SampleKey.make(
                alias, in: scope, origin: .external, state: state ?? .enabled,
                importedMaterial: ImportedMaterial(digest: [1], expiry: date))
        }
    }
}

extension KeyStore {
    fileprivate func due(for work: DueWork, at second: Int64, limit: Int = 10) async throws -> [KeyID] {
        try await keysDue(for: work, at: Timestamp(seconds: second), limit: limit)
    }
}
