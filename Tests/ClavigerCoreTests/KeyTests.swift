import ClavigerCore
import ClavigerTesting
import Testing

extension Key {
    /// A key in a state, as the rules leave it there.
    static func sample(_ state: KeyState, owner: KeyOwner = .user, hasMaterial: Bool = true) -> Key {
        SampleKey.make(
            "sample", in: KeyScope(account: AccountID(1), realm: RealmID("south")), owner: owner, state: state,
            deletionDate: state == .pendingDeletion ? SampleKey.moment : nil,
            primaryVersion: hasMaterial && state != .pendingImport ? KeyVersionID(1) : nil)
    }
}

@Suite struct KeyTests {
    private static let date = SampleKey.moment + .days(7)

    /// A named change of a key.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let operation: KeyOperation
        let apply: @Sendable (inout Key) throws(KMSError) -> Void

        var testDescription: String { name }
    }

    static let changes = [
        Change(name: "enable", operation: .enable) { key throws(KMSError) in try key.enable() },
        Change(name: "disable", operation: .disable) { key throws(KMSError) in try key.disable() },
        Change(name: "schedule", operation: .scheduleDeletion) { key throws(KMSError) in
            try key.scheduleDeletion(at: date, gate: .anyUsableState)
        },
        Change(name: "cancel", operation: .cancelDeletion) { key throws(KMSError) in try key.cancelDeletion() },
        Change(name: "rename", operation: .updateAlias) { key throws(KMSError) in
            try key.rename(KeyAlias(checked: "new"))
        },
        Change(name: "describe", operation: .updateDescription) { key throws(KMSError) in try key.describe(as: "new") },
    ]

    @Test(arguments: changes, KeyState.allCases)
    func `A change obeys the state table and leaves a key alone that it refuses`(change: Change, state: KeyState) {
        let before = Key.sample(state)
        var key = before
        if change.operation.allowedStates.contains(state) {
            #expect(throws: Never.self) { try change.apply(&key) }
        } else {
            #expect(throws: KMSError.self) { try change.apply(&key) }
            #expect(key == before)
        }
    }

    @Test(arguments: [KeyState.enabled, .disabled])
    func `Enabling and disabling lead to their states, also again`(state: KeyState) throws {
        var key = Key.sample(state)
        try key.enable()
        #expect(key.state == .enabled)
        key = Key.sample(state)
        try key.disable()
        #expect(key.state == .disabled)
    }

    @Test(arguments: [KeyState.enabled, .disabled, .archived, .pendingImport])
    func `A scheduled deletion has its date`(state: KeyState) throws {
        var key = Key.sample(state)
        try key.scheduleDeletion(at: Self.date, gate: .anyUsableState)
        #expect(key.state == .pendingDeletion)
        #expect(key.deletionDate == Self.date)
    }

    @Test func `A dialect may demand that a key is disabled before its deletion is scheduled`() throws {
        var key = Key.sample(.enabled)
        let error = #expect(throws: KMSError.self) { try key.scheduleDeletion(at: Self.date, gate: .disabledFirst) }
        #expect(error?.code == .keyNotDisabled)
        #expect(key.state == .enabled)
        #expect(key.deletionDate == nil)
        for state in [KeyState.disabled, .archived, .pendingImport] {
            var key = Key.sample(state)
            try key.scheduleDeletion(at: Self.date, gate: .disabledFirst)
            #expect(key.state == .pendingDeletion)
        }
    }

    @Test func `A scheduled deletion is not moved by scheduling again`() {
        var key = Key.sample(.pendingDeletion)
        let error = #expect(throws: KMSError.self) { try key.scheduleDeletion(at: Self.date, gate: .disabledFirst) }
        #expect(error?.code == .wrongKeyState)
        #expect(key.deletionDate == SampleKey.moment)
    }

    @Test func `A cancelled deletion leaves a disabled key`() throws {
        var key = Key.sample(.pendingDeletion)
        try key.cancelDeletion()
        #expect(key.state == .disabled)
        #expect(key.deletionDate == nil)
    }

    @Test func `A key without material waits for it again`() throws {
        var key = Key.sample(.pendingImport)
        try key.scheduleDeletion(at: Self.date, gate: .disabledFirst)
        try key.cancelDeletion()
        #expect(key.state == .pendingImport)
        #expect(key.deletionDate == nil)
    }

    @Test(arguments: [KeyState.enabled, .disabled])
    func `A product's key is not disabled`(state: KeyState) {
        var key = Key.sample(state, owner: .product("cos"))
        let error = #expect(throws: KMSError.self) { try key.disable() }
        #expect(error?.code == .keyInUse)
        #expect(key.state == state)
    }

    @Test(
        arguments: [KeyState.enabled, .disabled, .archived, .pendingImport],
        [Key.DeletionGate.anyUsableState, .disabledFirst])
    func `A product's key is not deleted`(state: KeyState, gate: Key.DeletionGate) {
        var key = Key.sample(state, owner: .product("cos"))
        let error = #expect(throws: KMSError.self) { try key.scheduleDeletion(at: Self.date, gate: gate) }
        #expect(error?.code == .keyInUse)
        #expect(key.state == state)
    }

    @Test func `A product's key is enabled, renamed and described`() throws {
        var key = Key.sample(.disabled, owner: .product("cos"))
        try key.enable()
        try key.rename(KeyAlias(checked: "kms-cos"))
        try key.describe(as: "text")
        #expect(key.state == .enabled)
        #expect(key.primaryAlias.name == "kms-cos")
        #expect(key.description == "text")
    }

    @Test(arguments: KeySpec.allCases)
    func `Symmetric use needs a symmetric key`(spec: KeySpec) {
        let key = SampleKey.make("a", in: SampleKey.scope(), spec: spec)
        if spec == .aes256 {
            #expect(throws: Never.self) { try key.requireSymmetric() }
        } else {
            let error = #expect(throws: KMSError.self) { try key.requireSymmetric() }
            #expect(error?.code == .invalidKeyUsage)
        }
    }
}
