/// What a dialect demands of a key's state beyond the table that every dialect obeys.
package struct StateGate: Sendable {
    private let states: Set<KeyState>

    private init(_ states: Set<KeyState>) { self.states = states }

    /// No more than the table demands.
    package static let none = StateGate(Set(KeyState.allCases))

    package static func only(_ states: KeyState...) -> StateGate { StateGate(Set(states)) }

    /// - Throws: `.wrongKeyState`.
    package func admit(_ key: Key) throws(KMSError) {
        guard !states.contains(key.state) else { return }
        throw KMSError(
            .wrongKeyState, "key \(key.id) is \(key.state.words), which does not allow this", keyState: key.state)
    }
}
