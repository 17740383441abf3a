import ClavigerCore
import Testing

@Suite struct KeyStateTests {
    /// The contracts' tables of states, written down once more: which operation is allowed in which state, and how it is refused elsewhere.
    struct Rule: Sendable, CustomTestStringConvertible {
        let operation: KeyOperation
        let state: KeyState
        let refusal: KMSError.Code?

        var testDescription: String { "\(operation) of a key that is \(state)" }
    }

    private static let table: [(KeyOperation, [KeyState: KMSError.Code?])] = [
        (.encrypt, use(archived: .wrongKeyState)),
        (.generateDataKey, use(archived: .wrongKeyState)),
        (.decrypt, use(archived: nil)),
        (.generateKeyPair, use(archived: .wrongKeyState)),
        (.asymmetricEncrypt, use(archived: .wrongKeyState)),
        (.getPublicKey, only(.enabled)),
        (.asymmetricDecrypt, only(.enabled)),
        (.sign, only(.enabled)),
        (.verify, only(.enabled)),
        (.describe, all(nil)),
        (.describeRotation, all(nil)),
        (.describeVersions, all(nil)),
        (.unbindResource, all(nil)),
        (.tag, all(nil)),
        (.untag, all(nil)),
        (.createGrant, use(archived: .wrongKeyState)),
        (.removeGrant, all(nil)),
        (.archive, only(.enabled, .disabled)),
        (.cancelArchive, only(.archived)),
        (.enableRotation, only(.enabled, .disabled)),
        (.disableRotation, only(.enabled, .disabled, .archived)),
        (.rotate, only(.enabled)),
        (.createVersion, only(.enabled)),
        (.prepareImport, only(.enabled, .disabled, .pendingDeletion, .pendingImport)),
        (.importMaterial, only(.enabled, .disabled, .pendingImport)),
        (.deleteImportedMaterial, only(.enabled, .disabled, .pendingDeletion, .pendingImport)),
        (.bindResource, only(.enabled, .disabled)),
        (.enable, [.enabled: nil, .disabled: nil, .archived: no, .pendingDeletion: no, .pendingImport: no]),
        (.disable, [.enabled: nil, .disabled: nil, .archived: no, .pendingDeletion: no, .pendingImport: no]),
        (.scheduleDeletion, all(nil, but: .pendingDeletion)),
        (.updateAlias, all(nil, but: .pendingDeletion)),
        (.addAlias, all(nil, but: .pendingDeletion)),
        (.removeAlias, all(nil)),
        (.updateDescription, all(nil, but: .pendingDeletion)),
        (.putPolicy, all(nil, but: .pendingDeletion)),
        (
            .cancelDeletion,
            [
                .enabled: .keyNotPendingDeletion, .disabled: .keyNotPendingDeletion, .archived: .keyNotPendingDeletion,
                .pendingDeletion: nil, .pendingImport: .keyNotPendingDeletion,
            ]
        ),
    ]

    private static let no = KMSError.Code.wrongKeyState

    private static func use(archived: KMSError.Code?) -> [KeyState: KMSError.Code?] {
        [.enabled: nil, .disabled: .keyDisabled, .archived: archived, .pendingDeletion: no, .pendingImport: no]
    }

    private static func only(_ states: KeyState...) -> [KeyState: KMSError.Code?] {
        Dictionary(uniqueKeysWithValues: KeyState.allCases.map { ($0, states.contains($0) ? nil : no) })
    }

    private static func all(_ refusal: KMSError.Code?, but state: KeyState? = nil) -> [KeyState: KMSError.Code?] {
        Dictionary(uniqueKeysWithValues: KeyState.allCases.map { ($0, $0 == state ? no : refusal) })
    }

    static let rules: [Rule] = table.flatMap { operation, states in
        states.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { Rule(operation: operation, state: $0.key, refusal: $0.value) }
    }

    @Test func `The table covers every operation in every state`() {
        #expect(Self.rules.count == KeyOperation.allCases.count * KeyState.allCases.count)
        #expect(Set(Self.rules.map(\.operation)).count == KeyOperation.allCases.count)
    }

    @Test(arguments: rules)
    func `The state decides what is allowed`(rule: Rule) {
        let key = Key.sample(rule.state)
        guard let refusal = rule.refusal else {
            #expect(throws: Never.self) { try key.require(rule.operation) }
            return
        }
        let error = #expect(throws: KMSError.self) { try key.require(rule.operation) }
        #expect(error?.code == refusal)
        #expect(error?.keyState == rule.state)
    }

    @Test func `Only some uses of material, and grants, refuse a disabled key as disabled`() {
        let named: Set<KeyOperation> = [
            .encrypt, .decrypt, .generateDataKey, .generateKeyPair, .asymmetricEncrypt, .createGrant,
        ]
        #expect(Set(KeyOperation.allCases.filter(\.namesDisabledKeys)) == named)
    }
}
