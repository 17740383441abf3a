import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceImportTokenTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }

    private func invite(_ alias: String) async throws -> (key: KeyID, invitation: ImportInvitation) {
        let id = try await fixture.create(alias, origin: .external)
        let invitation = try await kms.prepareImport(
            into: id, by: .rsaOAEPSHA256, supersedesEarlier: false, as: fixture.caller)
        return (id, invitation)
    }

    @Test func `A token says what it is of, and until when it counts`() async throws {
        for alias in ["a", "b"] {
            let (id, invitation) = try await invite(alias)
            let bytes = try kms.importToken(of: invitation, into: id)
            #expect(bytes.count == 152)
            #expect(bytes.count == ImportToken.size)
            let token = try #require(try kms.openImportToken(bytes))
            #expect(token.token == invitation.token)
            #expect(token.key == id)
            #expect(token.expiry == invitation.expiry)
            fixture.clock.advance(by: .days(400))
            #expect(try kms.openImportToken(bytes)?.expiry == invitation.expiry)
        }
    }

    @Test func `What a token holds imports`() async throws {
        let (id, invitation) = try await invite("a")
        let token = try #require(try kms.openImportToken(kms.importToken(of: invitation, into: id)))
        let wrapped = try PublicKey(spki: invitation.publicKey)
            .encrypt(KeyMaterial([UInt8](repeating: 5, count: 32)), .rsaOAEPSHA256)
        try await kms.importMaterial(into: token.key, token: token.token, expiry: nil, as: fixture.caller) { wrapped }
    }

    @Test func `No two tokens are the same, even of one invitation`() async throws {
        let (id, invitation) = try await invite("a")
        let tokens = try (0..<10).map { _ in try kms.importToken(of: invitation, into: id) }
        #expect(Set(tokens).count == 10)
    }

    @Test func `A token with any bit changed is none`() async throws {
        let (id, invitation) = try await invite("a")
        let bytes = try kms.importToken(of: invitation, into: id)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(try kms.openImportToken(changed) == nil, "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test func `A token of another size is none`() async throws {
        let (id, invitation) = try await invite("a")
        let bytes = try kms.importToken(of: invitation, into: id)
        let others = [
            [], Array(bytes.dropLast()), Array(bytes.dropFirst()), bytes + [0], [0] + bytes, bytes + bytes,
            [UInt8](repeating: 0, count: 152),
        ]
        for other in others { #expect(try kms.openImportToken(other) == nil) }
    }

    @Test func `A token that names another key is that key's no more`() async throws {
        let (first, invitation) = try await invite("a")
        let (second, _) = try await invite("b")
        let mine = try kms.importToken(of: invitation, into: first)
        let other = try kms.importToken(of: invitation, into: second)
        #expect(try kms.openImportToken(other)?.key == second)
        let mixed = Array(mine[..<32] + other[32..<48] + mine[48...])
        #expect(try kms.openImportToken(mixed) == nil)
    }

    @Test func `A token of another server is none`() async throws {
        let (id, invitation) = try await invite("a")
        let bytes = try kms.importToken(of: invitation, into: id)
        #expect(try KeyServiceFixture(serverSecret: 4).kms.openImportToken(bytes) == nil)
        #expect(try KeyServiceFixture(serverSecret: 3).kms.openImportToken(bytes) != nil)
    }
}
