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
        Change(name: "put policy", operation: .putPolicy) { key throws(KMSError) in
            try key.setPolicy(PolicyDocument(language: .tencent, text: "{}"))
        },
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
        #expect(key.primaryAlias?.name == "kms-cos")
        #expect(key.description == "text")
    }

    @Test(arguments: KeySpec.allCases)
    func `Symmetric use needs a symmetric key`(spec: KeySpec) {
        let key = SampleKey.make("a", in: SampleKey.scope(), spec: spec)
        for operation in [KeyOperation.encrypt, .decrypt, .generateDataKey, .generateKeyPair] {
            if spec == .aes256 || spec == .sm4 {
                #expect(throws: Never.self) { try key.requireFit(for: operation) }
            } else {
                let error = #expect(throws: KMSError.self) { try key.requireFit(for: operation) }
                #expect(error?.code == .invalidKeyUsage)
            }
        }
    }

    @Test(arguments: KeySpec.allCases, KeyUsage.allCases)
    func `Asymmetric use needs an asymmetric key of the right usage`(spec: KeySpec, usage: KeyUsage) {
        let key = SampleKey.make("a", in: SampleKey.scope(), spec: spec, usage: usage)
        let isAsymmetric = spec != .aes256 && spec != .sm4
        let expected: [(KeyOperation, Bool)] = [
            (.getPublicKey, isAsymmetric), (.sign, isAsymmetric && usage == .signVerify),
            (.verify, isAsymmetric && usage == .signVerify),
            (.asymmetricEncrypt, isAsymmetric && usage == .encryptDecrypt),
            (.asymmetricDecrypt, isAsymmetric && usage == .encryptDecrypt),
        ]
        for (operation, fits) in expected {
            let error = fits ? nil : KMSError.Code.invalidKeyUsage
            #expect(code { () throws(KMSError) in try key.requireFit(for: operation) } == error, "\(operation)")
        }
    }

    @Test func `Material comes from outside into external keys alone, and rotates in all others`() {
        let external = SampleKey.make("a", in: SampleKey.scope(), origin: .external)
        let generated = SampleKey.make("b", in: SampleKey.scope())
        let asymmetric = SampleKey.make("c", in: SampleKey.scope(), spec: .sm2)
        for operation in [KeyOperation.prepareImport, .importMaterial, .deleteImportedMaterial] {
            #expect(code { () throws(KMSError) in try external.requireFit(for: operation) } == nil)
            #expect(code { () throws(KMSError) in try generated.requireFit(for: operation) } == .notExternalKey)
        }
        let rotation: [(Key, KMSError.Code?, KMSError.Code?)] = [
            (generated, nil, nil), (external, .externalKeyCannotRotate, .rotationUnsupported),
            (asymmetric, .unsupportedOperation, .rotationUnsupported),
        ]
        for (key, automatic, manual) in rotation {
            #expect(code { () throws(KMSError) in try key.requireFit(for: .enableRotation) } == automatic)
            #expect(code { () throws(KMSError) in try key.requireFit(for: .rotate) } == manual)
        }
    }

    // MARK: rotation

    @Test func `A rotation counts from the last one, or from the wish`() throws {
        var key = SampleKey.make("a", in: SampleKey.scope(), primaryVersion: KeyVersionID(1))
        try key.enableRotation(every: .days(7), from: Self.date)
        #expect(key.rotationPolicy == RotationPolicy(period: .days(7), nextRotation: Self.date + .days(7)))
        #expect(!key.isDueForRotation(at: Self.date + .days(7) - .seconds(1)))
        #expect(key.isDueForRotation(at: Self.date + .days(7)))
        let late = Self.date + .days(100)
        try key.rotate(to: KeyVersionID(2), at: late)
        #expect(key.primaryVersion == KeyVersionID(2))
        #expect(key.lastRotation == late)
        #expect(key.rotationPolicy?.nextRotation == late + .days(7))
        try key.enableRotation(every: .days(30), from: late)
        #expect(key.rotationPolicy == RotationPolicy(period: .days(30), nextRotation: late + .days(30)))
        try key.disable()
        #expect(!key.isDueForRotation(at: late + .days(31)))
        try key.disableRotation()
        #expect(key.rotationPolicy == nil)
        #expect(key.lastRotation == late)
    }

    @Test func `A rotation by hand leaves a key without a policy without one`() throws {
        var key = SampleKey.make("a", in: SampleKey.scope(), primaryVersion: KeyVersionID(1))
        try key.rotate(to: KeyVersionID(2), at: Self.date)
        #expect(key.rotationPolicy == nil)
        #expect(key.lastRotation == Self.date)
    }

    // MARK: imported material

    @Test func `The first material is the key's for ever`() throws {
        var key = SampleKey.make("a", in: SampleKey.scope(), origin: .external, state: .pendingImport)
        try key.importMaterial(digest: [1], expiry: nil)
        #expect(key.state == .enabled)
        #expect(key.primaryVersion == key.externalVersion)
        try key.deleteImportedMaterial()
        #expect(key.state == .pendingImport)
        #expect(key.primaryVersion == nil)
        #expect(key.importedMaterial?.digest == [1])
        let before = key
        #expect(code { () throws(KMSError) in try key.importMaterial(digest: [2], expiry: nil) } == .materialMismatch)
        #expect(key == before)
        try key.importMaterial(digest: [1], expiry: Self.date)
        #expect(key.importedMaterial == ImportedMaterial(digest: [1], expiry: Self.date))
    }

    @Test(arguments: [(KeyState.enabled, KeyState.enabled), (.disabled, .disabled), (.pendingImport, .enabled)])
    func `An import enables a key that waits for it, and no other`(before: KeyState, after: KeyState) throws {
        var key = SampleKey.make("a", in: SampleKey.scope(), origin: .external, state: before)
        try key.importMaterial(digest: [1], expiry: nil)
        #expect(key.state == after)
        #expect(key.primaryVersion == key.externalVersion)
    }

    @Test(arguments: [
        (KeyState.enabled, KeyState.pendingImport), (.disabled, .pendingImport), (.pendingImport, .pendingImport),
        (.pendingDeletion, .pendingDeletion),
    ])
    func `A key without its material waits for it, or for its deletion as before`(before: KeyState, after: KeyState)
        throws
    {
        var key = SampleKey.make(
            "a", in: SampleKey.scope(), origin: .external, state: before,
            deletionDate: before == .pendingDeletion ? Self.date : nil, primaryVersion: KeyVersionID(1),
            importedMaterial: ImportedMaterial(digest: [1], expiry: Self.date))
        try key.deleteImportedMaterial()
        #expect(key.state == after)
        #expect(key.primaryVersion == nil)
        #expect(key.importedMaterial == ImportedMaterial(digest: [1], expiry: nil))
        #expect(key.deletionDate == (before == .pendingDeletion ? Self.date : nil))
    }

    @Test(arguments: [
        (KeyState.enabled, KeyState.pendingImport), (.disabled, .pendingImport), (.archived, .pendingImport),
        (.pendingDeletion, .pendingDeletion),
    ])
    func `Material is gone from the second of its expiry on`(state: KeyState, expected: KeyState) {
        let key = Key(
            id: SampleKey.id(), scope: SampleKey.scope(), spec: .aes256, usage: .encryptDecrypt, origin: .external,
            owner: .user, creator: IdentityNumber(1), createdAt: SampleKey.moment, state: state,
            aliases: [KeyAlias(checked: "a")],
            description: "", primaryVersion: KeyVersionID(1),
            importedMaterial: ImportedMaterial(digest: [1], expiry: Self.date), tags: [])
        #expect(key.current(at: Self.date - .seconds(1)) == key)
        let later = key.current(at: Self.date)
        #expect(later.state == expected)
        #expect(later.primaryVersion == nil)
        #expect(later.importedMaterial == ImportedMaterial(digest: [1], expiry: nil))
    }

    @Test func `Material of a bound key does not expire, whatever an import says`() throws {
        var key = Key(
            id: SampleKey.id(), scope: SampleKey.scope(), spec: .aes256, usage: .encryptDecrypt, origin: .external,
            owner: .user, creator: IdentityNumber(1), createdAt: SampleKey.moment, state: .enabled,
            aliases: [KeyAlias(checked: "a")],
            description: "", primaryVersion: KeyVersionID(1),
            importedMaterial: ImportedMaterial(digest: [1], expiry: nil), bindingCount: 1, tags: [])
        try key.importMaterial(digest: [1], expiry: Self.date)
        #expect(key.importedMaterial == ImportedMaterial(digest: [1], expiry: nil))
    }

    @Test func `Binding ends the expiry of material`() throws {
        var key = SampleKey.make("a", in: SampleKey.scope(), origin: .external, state: .pendingImport)
        try key.importMaterial(digest: [1], expiry: Self.date)
        try key.bindResource()
        #expect(key.importedMaterial == ImportedMaterial(digest: [1], expiry: nil))
    }

    // MARK: what the service itself owns

    @Test func `The service's own key keeps its alias`() throws {
        var key = Key.sample(.enabled, owner: .service)
        #expect(code { () throws(KMSError) in try key.rename(KeyAlias(checked: "new")) } == .notUserKey)
        #expect(key.primaryAlias?.name == "sample")
    }

    // MARK: what cannot be taken away

    @Test func `A bound key is not disabled, archived, deleted or emptied`() {
        let key = Key(
            id: SampleKey.id(), scope: SampleKey.scope(), spec: .aes256, usage: .encryptDecrypt, origin: .external,
            owner: .user, creator: IdentityNumber(1), createdAt: SampleKey.moment, state: .enabled,
            aliases: [KeyAlias(checked: "a")],
            description: "", primaryVersion: KeyVersionID(1),
            importedMaterial: ImportedMaterial(digest: [1], expiry: nil), bindingCount: 1, tags: [])
        var copy = key
        #expect(code { () throws(KMSError) in try copy.disable() } == .keyInUse)
        #expect(code { () throws(KMSError) in try copy.archive() } == .keyInUse)
        #expect(code { () throws(KMSError) in try copy.deleteImportedMaterial() } == .keyInUse)
        #expect(
            code { () throws(KMSError) in try copy.scheduleDeletion(at: Self.date, gate: .anyUsableState) } == .keyInUse
        )
        #expect(copy == key)
    }

    @Test func `A product's key is not archived, and an archived one stays so`() {
        var enabled = Key.sample(.enabled, owner: .product("cos"))
        #expect(code { () throws(KMSError) in try enabled.archive() } == .notUserKey)
        var archived = Key.sample(.archived, owner: .product("cos"))
        #expect(code { () throws(KMSError) in try archived.cancelArchive() } == .notUserKey)
    }

    @Test(arguments: [nil, PolicyDocument(language: .alibaba, text: "{}")])
    func `A product's key has no policy of its own`(policy: PolicyDocument?) {
        var key = Key.sample(.enabled, owner: .product("cos"))
        #expect(code { () throws(KMSError) in try key.setPolicy(policy) } == .notUserKey)
        #expect(key.policy == nil)
    }

    @Test(arguments: [KeyState.enabled, .disabled])
    func `An archived key comes back enabled`(state: KeyState) throws {
        var key = Key.sample(state)
        try key.archive()
        #expect(key.state == .archived)
        try key.cancelArchive()
        #expect(key.state == .enabled)
    }

    /// The code with which `body` fails; `nil` if it does not.
    private func code(_ body: () throws(KMSError) -> Void) -> KMSError.Code? {
        do throws(KMSError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }
}
