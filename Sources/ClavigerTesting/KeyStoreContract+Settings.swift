import ClavigerCore
import Testing

extension KeyStoreContract {
    static let settings = [
        Check("An unknown setting is nil") { store async throws in
            #expect(try await store.setting("absent") == nil)
        },
        Check("Settings are read as they were stored") { store async throws in
            #expect(try await store.insertSettings(["a": [0, 1, 255], "b": []]))
            #expect(try await store.setting("a") == [0, 1, 255])
            #expect(try await store.setting("b") == [])
        },
        Check("If one setting exists, none is stored and none replaced") { store async throws in
            #expect(try await store.insertSettings(["a": [1]]))
            #expect(try await !store.insertSettings(["a": [2], "b": [2]]))
            #expect(try await store.setting("a") == [1])
            #expect(try await store.setting("b") == nil)
        },
        Check("Of callers that store the same setting at once, one succeeds") { store async throws in
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for value in 0..<8 { group.addTask { try await store.insertSettings(["a": [UInt8(value)]]) } }
                return try await group.reduce(into: 0) { count, won in count += won ? 1 : 0 }
            }
            #expect(winners == 1)
        },
    ]
}
