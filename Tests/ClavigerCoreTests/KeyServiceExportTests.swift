import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerCore

/// Data keys for others, and re-encryption.
@Suite struct KeyServiceExportTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }
    private let context = EncryptionContext(additionalData: [1, 2, 3])

    private func createPair(_ spec: KeySpec, _ usage: KeyUsage = .encryptDecrypt) async throws -> ResidentKey {
        let id = try await kms.create(
            NewKey(spec: spec, usage: usage, origin: .generated, alias: nil, description: "", tags: []),
            as: caller
        ).id
        return try await kms.load(id)
    }

    // MARK: exporting data keys

    @Test(arguments: [
        (KeySpec.rsa2048, AsymmetricEncryptionScheme.rsaOAEPSHA1), (.rsa2048, .rsaOAEPSHA256), (.sm2, .sm2Raw),
        (.sm2, .sm2ASN1),
    ])
    func `A data key reaches its recipient, made for him or exported`(
        spec: KeySpec, scheme: AsymmetricEncryptionScheme
    ) async throws {
        let key = try await kms.load(try await fixture.create())
        // The recipient's key pair is here too, so that a test can read what he gets.
        let pair = try await createPair(spec)
        let recipient = DataKeyRecipient(publicKey: try kms.publicKey(of: pair, as: caller), scheme: scheme)
        func received(_ exported: [UInt8]) throws -> KeyMaterial {
            try kms.asymmetricDecrypt(with: pair, as: caller) { (exported, scheme) }
        }
        let made = try kms.generateDataKey(32, under: key, context: context, for: recipient, as: caller)
        let ciphertext = try Ciphertext(made.ciphertext)
        #expect(ciphertext.purpose == .dataKey)
        let plaintext = try kms.decrypt(ciphertext, with: key, context: context, as: caller)
        #expect(plaintext.count == 32)
        #expect(try received(made.exported) == plaintext)
        let exported = try kms.exportDataKey(ciphertext, with: key, context: context, to: recipient, as: caller)
        #expect(try received(exported) == plaintext)
        await expect(.invalidCiphertext) {
            _ = try kms.exportDataKey(ciphertext, with: key, context: .empty, to: recipient, as: caller)
        }
    }

    @Test func `A data key that is too long for the recipient's key, and an algorithm of another, are refused`()
        async throws
    {
        let key = try await kms.load(try await fixture.create())
        let pair = try await createPair(.rsa2048)
        let publicKey = try kms.publicKey(of: pair, as: caller)
        // 256 bytes of the modulus less 66 of the padding.
        let recipient = DataKeyRecipient(publicKey: publicKey, scheme: .rsaOAEPSHA256)
        _ = try kms.generateDataKey(190, under: key, context: .empty, for: recipient, as: caller)
        await expect(.invalidParameter) {
            _ = try kms.generateDataKey(191, under: key, context: .empty, for: recipient, as: caller)
        }
        let long = try Ciphertext(try kms.generateDataKey(191, under: key, context: .empty, as: caller).ciphertext)
        await expect(.invalidParameter) {
            _ = try kms.exportDataKey(long, with: key, context: .empty, to: recipient, as: caller)
        }
        await expect(.invalidParameter) {
            let other = DataKeyRecipient(publicKey: publicKey, scheme: .sm2Raw)
            _ = try kms.generateDataKey(16, under: key, context: .empty, for: other, as: caller)
        }
    }

    @Test func `Exporting needs a right, and a key that is in use`() async throws {
        let id = try await fixture.create()
        let key = try await kms.load(id)
        let pair = try await createPair(.sm2)
        let recipient = DataKeyRecipient(publicKey: try kms.publicKey(of: pair, as: caller), scheme: .sm2Raw)
        let ciphertext = try await fixture.encrypt(under: id)
        let user = KeyServiceFixture.user("user", .rule(.allow, .exportDataKey))
        _ = try kms.exportDataKey(
            ciphertext, with: key, context: .empty, to: recipient, as: user.needing(.exportDataKey))
        await expect(.accessDenied) {
            _ = try kms.generateDataKey(
                16, under: key, context: .empty, for: recipient, as: user.needing(.generateAndExportDataKey))
        }
        try await kms.disable([id], as: caller)
        let disabled = try await kms.load(id)
        await expect(.keyDisabled) {
            _ = try kms.exportDataKey(ciphertext, with: disabled, context: .empty, to: recipient, as: caller)
        }
        await expect(.keyDisabled) {
            _ = try kms.generateDataKey(16, under: disabled, context: .empty, for: recipient, as: caller)
        }
    }

    // MARK: re-encryption

    @Test func `What is as it should become is encrypted anew if that is wished`() async throws {
        let key = try await kms.load(try await fixture.create())
        let old = try await fixture.encrypt(under: key.key.id, context: context)
        guard
            case .unchanged = try kms.reEncrypt(
                old, from: key, context: context, to: key, context: context, as: caller)
        else {
            Issue.record("changed without need")
            return
        }
        guard
            case .reEncrypted(let bytes) = try kms.reEncrypt(
                old, from: key, context: context, to: key, context: context, isForced: true, as: caller)
        else {
            Issue.record("not changed, although that was wished")
            return
        }
        #expect(bytes != old.bytes)
        #expect(try await fixture.decrypt(try Ciphertext(bytes), context: context) == KeyMaterial(Array("text".utf8)))
    }

    @Test(arguments: [(KeySpec.rsa2048, AsymmetricEncryptionScheme.rsaOAEPSHA256), (.sm2, .sm2Raw)])
    func `What was encrypted under a public key moves under a symmetric one`(
        spec: KeySpec, scheme: AsymmetricEncryptionScheme
    ) async throws {
        let text = KeyMaterial(Array("text".utf8))
        let source = try await createPair(spec)
        let version = try #require(source.key.primaryVersion)
        let destination = try await kms.load(try await fixture.create())
        let ciphertext = try kms.asymmetricEncrypt(under: source, scheme, as: caller) { text }
        let moved = try kms.reEncrypt(
            from: source, version: version, to: destination, context: context, as: caller
        ) { (ciphertext, scheme) }
        #expect(try Ciphertext(moved).purpose == .data)
        #expect(try await fixture.decrypt(try Ciphertext(moved), context: context) == text)
        await expect(.decryptionFailed) {
            _ = try kms.reEncrypt(
                from: source, version: version, to: destination, context: context, as: caller
            ) { (ciphertext.dropLast() + [ciphertext[ciphertext.count - 1] ^ 1], scheme) }
        }
        await expect(.invalidKeyUsage) {
            _ = try kms.reEncrypt(
                from: destination, version: version, to: destination, context: context, as: caller
            ) { (ciphertext, scheme) }
        }
        await expect(.invalidKeyUsage) {
            _ = try kms.reEncrypt(
                from: source, version: version, to: source, context: context, as: caller
            ) { (ciphertext, scheme) }
        }
    }

    @Test func `Re-encryption needs a right for each of the keys`() async throws {
        let text = KeyMaterial(Array("text".utf8))
        let source = try await createPair(.sm2)
        let version = try #require(source.key.primaryVersion)
        let destination = try await kms.load(try await fixture.create())
        let ciphertext = try kms.asymmetricEncrypt(under: source, .sm2Raw, as: caller) { text }
        func rule(_ permission: Permission, _ key: ResidentKey) -> PolicyStatement {
            .rule(
                .allow, permission,
                of: [ResourcePattern(kinds: .all, realms: nil, extent: .key(key.key.id, madeBy: nil))])
        }
        func reEncrypt(as user: Caller) throws(KMSError) {
            _ = try kms.reEncrypt(
                from: source, version: version, to: destination, context: .empty, as: user
            ) { (ciphertext, .sm2Raw) }
        }
        for user in [
            KeyServiceFixture.user("u", rule(.reEncryptFrom, source), rule(.reEncryptFrom, destination)),
            KeyServiceFixture.user("u", rule(.reEncryptTo, source), rule(.reEncryptTo, destination)),
            KeyServiceFixture.user("u", rule(.reEncryptTo, source), rule(.reEncryptFrom, destination)),
        ] {
            await expect(.accessDenied) { try reEncrypt(as: user) }
        }
        try reEncrypt(as: KeyServiceFixture.user("u", rule(.reEncryptFrom, source), rule(.reEncryptTo, destination)))
    }

    // MARK: values of secrets

    @Test func `The value of a secret is no ciphertext for callers`() async throws {
        let key = try await kms.load(try await fixture.create())
        let sealed = try kms.sealSecretValue(KeyMaterial([1, 2, 3]), of: 7, version: "v1", under: key)
        let ciphertext = try Ciphertext(sealed.ciphertext)
        #expect(ciphertext.purpose == .secretValue)
        let context = EncryptionContext(
            additionalData: [UInt8](repeating: 0, count: 15) + [7] + Array("v1".utf8))
        // It is this context, which a caller of another dialect could present.
        _ = try kms.open(ciphertext, with: key, context: context)
        await expect(.invalidCiphertext) {
            _ = try kms.decrypt(ciphertext, with: key, context: context, as: caller)
        }
        await expect(.invalidCiphertext) {
            _ = try kms.reEncrypt(
                ciphertext, from: key, context: context, to: key, context: .empty, as: caller)
        }
    }

    @Test func `A ciphertext of a caller's, and a value from another place, are no value of a secret`() async throws {
        let key = try await kms.load(try await fixture.create())
        let other = try await kms.load(try await fixture.create("other"))
        let value = KeyMaterial([1, 2, 3])
        let sealed = try kms.sealSecretValue(value, of: 7, version: "v1", under: key)
        #expect(try kms.openSecretValue(sealed, of: 7, version: "v1", with: key) == value)
        let context = EncryptionContext(
            additionalData: [UInt8](repeating: 0, count: 15) + [7] + Array("v1".utf8))
        let forged = try kms.encrypt(under: key, context: context, as: caller) { value }
        let cases: [(SealedSecretValue, UInt128, String, ResidentKey)] = [
            (SealedSecretValue(ciphertext: forged), 7, "v1", key), (sealed, 8, "v1", key), (sealed, 7, "v2", key),
            (sealed, 7, "v1", other), (SealedSecretValue(ciphertext: []), 7, "v1", key),
            (SealedSecretValue(ciphertext: sealed.ciphertext.dropLast()), 7, "v1", key),
        ]
        for (sealed, secret, version, resident) in cases {
            await expect(.internalFailure) {
                _ = try kms.openSecretValue(sealed, of: secret, version: version, with: resident)
            }
        }
    }
}
