import ClavigerCore
import Testing

extension KeyStoreContract {
    static let importParameters: [Check] = [
        Check("Unknown import parameters are nil") { store async throws in
            #expect(try await store.importParameters(SampleKey.tokenDigest(1)) == nil)
            #expect(try await store.importParameters([]) == nil)
        },
        Check("Import parameters are read as they were stored") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, state: .pendingImport)
            try await store.insert([key])
            for (number, algorithm) in WrappingAlgorithm.allCases.enumerated() {
                let parameters = SampleKey.importParameters(
                    for: key.id, token: UInt8(number), algorithm: algorithm, expiry: Timestamp(seconds: 7))
                _ = try await store.change([key.id], in: scope) { _ in
                    [.addImportParameters(parameters, supersedesEarlier: false)]
                }
                #expect(try await store.importParameters(parameters.tokenDigest) == parameters)
            }
        },
        Check("New import parameters supersede the key's earlier ones only if they shall") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope, state: .pendingImport) }
            try await store.insert(keys)
            let others = SampleKey.importParameters(for: keys[1].id, token: 9)
            _ = try await store.change([keys[1].id], in: scope) { _ in
                [.addImportParameters(others, supersedesEarlier: true)]
            }
            for (token, supersedes, expected) in [
                (1, false, [1, 9]), (2, false, [1, 2, 9]), (3, true, [3, 9]), (4, false, [3, 4, 9]),
            ] as [(UInt8, Bool, [UInt8])] {
                _ = try await store.change([keys[0].id], in: scope) { key in
                    [
                        .addImportParameters(
                            SampleKey.importParameters(for: key.id, token: token), supersedesEarlier: supersedes)
                    ]
                }
                #expect(try await store.tokens() == expected)
            }
        },
        Check("A token digest is stored once") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope, state: .pendingImport) }
            try await store.insert(keys)
            let first = SampleKey.importParameters(for: keys[0].id, token: 1)
            let second = SampleKey.importParameters(for: keys[1].id, token: 1, algorithm: .sm2)
            _ = try await store.change([keys[0].id], in: scope) { _ in
                [.addImportParameters(first, supersedesEarlier: false)]
            }
            await expect(.storeUnavailable) {
                _ = try await store.change([keys[1].id], in: scope) { _ in
                    [.addImportParameters(second, supersedesEarlier: true)]
                }
            }
            #expect(try await store.importParameters(first.tokenDigest) == first)
        },
        Check("Import parameters are forgotten from the moment on at which they expire") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, state: .pendingImport)
            try await store.insert([key])
            _ = try await store.change([key.id], in: scope) { key in
                [1, 2, 3].map { token in
                    .addImportParameters(
                        SampleKey.importParameters(
                            for: key.id, token: token, expiry: Timestamp(seconds: 10 * Int64(token))),
                        supersedesEarlier: false)
                }
            }
            for (moment, expected) in [(9, [1, 2, 3]), (10, [2, 3]), (29, [3]), (30, [])] as [(Int64, [UInt8])] {
                try await store.deleteImportParameters(expiredAt: Timestamp(seconds: moment))
                #expect(try await store.tokens() == expected)
            }
        },
        Check("A deleted key's import parameters go with it") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map {
                SampleKey.make($0, in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            }
            try await store.insert(keys)
            for (number, key) in keys.enumerated() {
                let parameters = SampleKey.importParameters(for: key.id, token: UInt8(number))
                _ = try await store.change([key.id], in: scope) { _ in
                    [.addImportParameters(parameters, supersedesEarlier: true)]
                }
            }
            _ = try await store.deleteKey(keys[0].id, dueAt: SampleKey.moment)
            #expect(try await store.tokens() == [1])
        },
    ]
}

extension KeyStore {
    /// Of ten sample tokens, those whose import parameters are there.
    fileprivate func tokens() async throws -> [UInt8] {
        var tokens: [UInt8] = []
        for token in 0..<10 as Range<UInt8> {
            if try await importParameters(SampleKey.tokenDigest(token)) != nil { tokens.append(token) }
        }
        return tokens
    }
}
