import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceGateTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }

    @Test(arguments: KeyState.allCases, KeyState.allCases)
    func `A gate admits its states, and none all`(state: KeyState, admitted: KeyState) {
        let key = Key.sample(state)
        #expect(throws: Never.self) { try StateGate.none.admit(key) }
        guard state != admitted else {
            #expect(throws: Never.self) { try StateGate.only(admitted).admit(key) }
            return
        }
        let error = #expect(throws: KMSError.self) { try StateGate.only(admitted).admit(key) }
        #expect(error?.code == .wrongKeyState)
        #expect(throws: Never.self) { try StateGate.only(admitted, state).admit(key) }
    }

    @Test func `Of equal requests at once exactly one passes a gate that its change closes`() async throws {
        let id = try await fixture.create()
        for _ in 0..<5 {
            let disabled = await outcomes(of: 20) { _ throws(KMSError) in
                try await kms.disable([id], gate: .only(.enabled), as: caller)
            }
            #expect(disabled.count { $0 == nil } == 1)
            #expect(disabled.count { $0 == .wrongKeyState } == 19)
            let enabled = await outcomes(of: 20) { _ throws(KMSError) in
                try await kms.enable([id], gate: .only(.disabled), as: caller)
            }
            #expect(enabled.count { $0 == nil } == 1)
            #expect(enabled.count { $0 == .wrongKeyState } == 19)
        }
    }

    @Test func `Without a gate a request can be repeated`() async throws {
        let id = try await fixture.create()
        for _ in 0..<2 { try await kms.disable([id], as: caller) }
        for _ in 0..<2 { try await kms.enable([id], as: caller) }
    }

    @Test func `A gate closes all keys or none`() async throws {
        let (first, second) = (try await fixture.create("a"), try await fixture.create("b"))
        try await kms.disable([second], as: caller)
        await expect(.wrongKeyState) { try await kms.disable([first, second], gate: .only(.enabled), as: caller) }
        #expect(try await kms.describe([first, second], as: caller).map(\.state) == [.enabled, .disabled])
    }

    // MARK: imports

    private let material = KeyMaterial([UInt8](repeating: 5, count: 32))

    private func prepare(_ id: KeyID, gate: StateGate = .only(.pendingImport)) async throws -> ImportInvitation {
        try await kms.prepareImport(
            into: id, by: .rsaOAEPSHA256, supersedesEarlier: false, gate: gate, as: caller)
    }

    @Test func `Of equal imports at once exactly one passes`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        let wrapped = try PublicKey(spki: invitation.publicKey).encrypt(material, .rsaOAEPSHA256)
        fixture.store.gatherImports(12)
        let codes = await outcomes(of: 12) { _ throws(KMSError) in
            try await kms.importMaterial(
                into: id, token: invitation.token, expiry: nil, gate: .only(.pendingImport), as: caller
            ) { wrapped }
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .wrongKeyState } == 11)
        _ = try await fixture.decrypt(fixture.encrypt(under: id))
    }

    @Test func `A gate that is closed hears nothing of the material`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        let wrapped = try PublicKey(spki: invitation.publicKey).encrypt(material, .rsaOAEPSHA256)
        try await kms.importMaterial(into: id, token: invitation.token, expiry: nil, as: caller) { wrapped }
        await expect(.wrongKeyState) { _ = try await prepare(id) }
        await expect(.wrongKeyState) {
            try await kms.importMaterial(
                into: id, token: invitation.token, expiry: nil, gate: .only(.pendingImport), as: caller
            ) {
                Issue.record("the material was asked for")
                return []
            }
        }
        _ = try await prepare(id, gate: .none)
    }

    @Test func `A key whose material has expired passes a gate for keys that wait`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        let wrapped = try PublicKey(spki: invitation.publicKey).encrypt(material, .rsaOAEPSHA256)
        for _ in 0..<2 {
            try await kms.importMaterial(
                into: id, token: invitation.token, expiry: fixture.clock.now + .seconds(10),
                gate: .only(.pendingImport), as: caller
            ) { wrapped }
            await expect(.wrongKeyState) { _ = try await prepare(id) }
            fixture.clock.advance(by: .seconds(10))
            _ = try await prepare(id)
        }
    }
}
