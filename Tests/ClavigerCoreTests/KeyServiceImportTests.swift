import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceImportTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }
    private let material = KeyMaterial([UInt8](repeating: 5, count: 32))

    private func prepare(_ id: KeyID, supersedes: Bool = true) async throws -> ImportInvitation {
        try await kms.prepareImport(into: id, by: .rsaOAEPSHA256, supersedesEarlier: supersedes, as: caller)
    }

    private func send(
        _ material: KeyMaterial, by invitation: ImportInvitation, to id: KeyID, expiry: Timestamp? = nil
    ) async throws {
        let wrapped = try PublicKey(spki: invitation.publicKey).encrypt(material, .rsaOAEPSHA256)
        try await kms.importMaterial(into: id, token: invitation.token, expiry: expiry, as: caller) { wrapped }
    }

    @Test func `Earlier invitations stay valid unless they are superseded`() async throws {
        let id = try await fixture.create(origin: .external)
        let first = try await prepare(id)
        let second = try await prepare(id, supersedes: false)
        try await send(material, by: first, to: id)
        try await send(material, by: second, to: id)
        let third = try await prepare(id)
        for old in [first, second] { await expect(.importTokenExpired) { try await send(material, by: old, to: id) } }
        try await send(material, by: third, to: id)
    }

    @Test func `An invitation ends after a day, and is then forgotten`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        #expect(invitation.expiry == fixture.clock.now + .days(1))
        fixture.clock.advance(by: .days(1) - .seconds(1))
        try await kms.deleteExpiredImportParameters()
        try await send(material, by: invitation, to: id)
        fixture.clock.advance(by: .seconds(1))
        await expect(.importTokenExpired) { try await send(material, by: invitation, to: id) }
        try await kms.deleteExpiredImportParameters()
        let digest = invitation.token.withUnsafeBytes { SHA256Hasher.hash($0).bytes }
        #expect(try await fixture.store.importParameters(digest) == nil)
    }

    @Test func `Of different materials that come at once, one becomes the key's`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        let outcomes = await withTaskGroup(of: String.self) { group in
            for byte in 0..<12 {
                group.addTask {
                    let material = KeyMaterial([UInt8](repeating: UInt8(byte % 3), count: 32))
                    do {
                        try await send(material, by: invitation, to: id)
                        return "imported \(byte % 3)"
                    } catch {
                        return (error as? KMSError)?.code.rawValue ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        let imported = Set(outcomes.filter { $0.hasPrefix("imported") })
        #expect(imported.count == 1)
        #expect(outcomes.filter { $0 == "materialMismatch" }.count == 8)
        _ = try await fixture.encrypt(under: id)
    }

    @Test func `A ciphertext outlives the deletion of the material it was made under`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        try await send(material, by: invitation, to: id)
        let ciphertext = try await fixture.encrypt(under: id)
        try await kms.deleteImportedMaterial(of: id, as: caller)
        await expect(.wrongKeyState) { _ = try await fixture.decrypt(ciphertext) }
        #expect(try await fixture.store.versions(of: id).isEmpty)
        try await send(material, by: invitation, to: id)
        #expect(try await fixture.decrypt(ciphertext) == KeyMaterial(Array("text".utf8)))
    }

    @Test func `Expired material is not used, whoever has it in memory, and is removed by the worker`() async throws {
        let id = try await fixture.create(origin: .external)
        let expiry = fixture.clock.now + .seconds(100)
        try await send(material, by: try await prepare(id), to: id, expiry: expiry)
        let ciphertext = try await fixture.encrypt(under: id)
        fixture.clock.advance(by: .seconds(99))
        #expect(try await kms.carryOut(.materialExpiry).done.isEmpty)
        _ = try await fixture.decrypt(ciphertext)
        fixture.clock.advance(by: .seconds(1))
        #expect(kms.resident(id) != nil)
        await expect(.wrongKeyState) { _ = try await fixture.decrypt(ciphertext) }
        await expect(.wrongKeyState) { _ = try await fixture.encrypt(under: id) }
        #expect(try await kms.describe([id], as: caller)[0].state == .pendingImport)
        #expect(try await kms.carryOut(.materialExpiry).done.map(\.id) == [id])
        #expect(try await fixture.store.versions(of: id).isEmpty)
        #expect(try await fixture.store.key(id)?.state == .pendingImport)
        #expect(try await kms.carryOut(.materialExpiry).done.isEmpty)
    }

    @Test func `Lists know at once that material has expired or a key is gone`() async throws {
        let external = try await fixture.create("external", origin: .external)
        try await send(
            material, by: try await prepare(external), to: external, expiry: fixture.clock.now + .days(7))
        let doomed = try await fixture.createDoomed("doomed")
        fixture.clock.advance(by: .days(7))
        var query = KeyQuery(scope: caller.scope)
        query.states = [.pendingImport]
        #expect(try await kms.list(query, offset: 0, limit: 10, as: caller).keys.map(\.id) == [external])
        query.states = nil
        #expect(try await kms.list(query, offset: 0, limit: 10, as: caller).keys.map(\.id) == [external])
        #expect(fixture.log.works == [.deletion, .materialExpiry])
        #expect(fixture.log.keys == [doomed, external])
    }

    @Test func `Work that many ask for at once is recorded and done once`() async throws {
        let doomed = try await fixture.createDoomed("doomed")
        fixture.clock.advance(by: .days(7))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let page = try await kms.list(KeyQuery(scope: caller.scope), offset: 0, limit: 10, as: caller)
                    #expect(page.total == 0)
                }
            }
            try await group.waitForAll()
        }
        #expect(fixture.log.keys == [doomed])
    }

    @Test func `A change of a key whose material has expired removes the material`() async throws {
        let id = try await fixture.create(origin: .external)
        try await send(
            material, by: try await prepare(id), to: id, expiry: fixture.clock.now + .seconds(1))
        fixture.clock.advance(by: .seconds(1))
        await expect(.wrongKeyState) { try await kms.disable([id], as: caller) }
        try await kms.updateDescription(of: id, to: "later", as: caller)
        #expect(try await fixture.store.versions(of: id).isEmpty)
        #expect(try await fixture.store.key(id)?.state == .pendingImport)
    }

    @Test func `A token that fails a hundred times is dead`() async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await prepare(id)
        for _ in 0..<100 {
            await expect(.invalidWrappedMaterial) {
                try await kms.importMaterial(into: id, token: invitation.token, expiry: nil, as: caller) { [1, 2, 3] }
            }
        }
        await expect(.importTokenExpired) { try await send(material, by: invitation, to: id) }
        try await send(material, by: try await prepare(id), to: id)
    }

    @Test(arguments: WrappingAlgorithm.allCases)
    func `Material of a wrong size counts as a failure, and leaves the key as it was`(
        algorithm: WrappingAlgorithm
    ) async throws {
        let id = try await fixture.create(origin: .external)
        let invitation = try await kms.prepareImport(
            into: id, by: algorithm, supersedesEarlier: true, as: caller)
        let short = try PublicKey(spki: invitation.publicKey)
            .encrypt(KeyMaterial([UInt8](repeating: 5, count: 31)), algorithm.scheme)
        let code = algorithm == .rsaPKCS1 ? KMSError.Code.invalidWrappedMaterial : .wrongMaterialSize
        for _ in 0..<100 {
            await expect(code) {
                try await kms.importMaterial(into: id, token: invitation.token, expiry: nil, as: caller) { short }
            }
        }
        await expect(.importTokenExpired) {
            try await kms.importMaterial(into: id, token: invitation.token, expiry: nil, as: caller) { short }
        }
        #expect(try await kms.describe([id], as: caller)[0].state == .pendingImport)
        #expect(try await fixture.store.versions(of: id).isEmpty)
    }

    @Test func `Nothing is prepared for a key with material of its own, and a doomed key takes none`() async throws {
        let generated = try await fixture.create("generated")
        await expect(.notExternalKey) { _ = try await prepare(generated) }
        let doomed = try await fixture.create("doomed", origin: .external)
        _ = try await kms.scheduleDeletion(of: doomed, after: .days(7), gate: .disabledFirst, as: caller)
        let invitation = try await prepare(doomed)
        await expect(.wrongKeyState) {
            try await kms.importMaterial(into: doomed, token: invitation.token, expiry: nil, as: caller) {
                Issue.record("the material was asked for")
                return []
            }
        }
        fixture.seal()
        await expect(.sealed) { _ = try await prepare(doomed) }
    }
}
