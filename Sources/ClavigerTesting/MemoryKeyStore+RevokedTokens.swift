package import ClavigerCore

extension MemoryKeyStore {
    package func revokeToken(_ id: [UInt8], expiry: Timestamp) async throws(KMSError) {
        try access { state in
            state.revokedTokens[id] = max(state.revokedTokens[id] ?? expiry, expiry)
        }
    }

    package func revokedTokens(at moment: Timestamp) async throws(KMSError) -> [[UInt8]] {
        try access { state in
            state.revokedTokens = state.revokedTokens.filter { $0.value > moment }
            return Array(state.revokedTokens.keys)
        }
    }
}
