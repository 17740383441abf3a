import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServicePairTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }

    private func create(_ spec: KeySpec, _ usage: KeyUsage, _ alias: String = "pair") async throws(KMSError) -> KeyID {
        try await kms.create(
            NewKey(
                spec: spec, usage: usage, origin: .generated, alias: KeyAlias(checked: alias), description: "", tags: []
            ), as: caller
        ).id
    }

    private static func request(_ digest: [UInt8], _ scheme: SignatureScheme) -> SignatureRequest {
        SignatureRequest(.digest(digest), scheme: scheme, encoding: .der)
    }

    private static let digest = [UInt8](repeating: 7, count: 32)

    @Test(arguments: [
        (KeySpec.ecP256, SignatureScheme.ecdsaSHA256), (.ecP256K, .ecdsaSHA256), (.sm2, .sm2DSA),
        (.rsa2048, .rsaPSSSHA256),
    ])
    func `A signature of a message is one of its digest`(spec: KeySpec, scheme: SignatureScheme) async throws {
        let key = try await kms.load(try await create(spec, .signVerify))
        let message = Array("message".utf8)
        let signature = try kms.sign(with: key, as: caller) {
            SignatureRequest(.message(message), scheme: scheme, encoding: .der)
        }
        let digest = try kms.publicKey(of: key, as: caller).digest(of: message, for: scheme)
        #expect(try kms.verify(with: key, as: caller) { (signature, of: Self.request(digest, scheme)) })
        #expect(try !kms.verify(with: key, as: caller) { (signature, of: Self.request(Self.digest, scheme)) })
        #expect(try !kms.verify(with: key, as: caller) { ([], of: Self.request(digest, scheme)) })
    }

    @Test func `What is wrong with the key is said before what is wrong with the request`() async throws {
        let id = try await create(.ecP256, .signVerify)
        let bad: () throws(KMSError) -> SignatureRequest = { () throws(KMSError) in
            throw KMSError(.invalidParameter, "bad")
        }
        await expect(.invalidParameter) { _ = try kms.sign(with: try await kms.load(id), as: caller, bad) }
        try await kms.disable([id], as: caller)
        await expect(.wrongKeyState) { _ = try kms.sign(with: try await kms.load(id), as: caller, bad) }
        let other = try await create(.sm2, .encryptDecrypt, "other")
        await expect(.invalidKeyUsage) { _ = try kms.sign(with: try await kms.load(other), as: caller, bad) }
        let stranger = KeyServiceFixture.caller(2, "south")
        await expect(.keyNotFound) { _ = try kms.sign(with: try await kms.load(other), as: stranger, bad) }
    }

    @Test func `A scheme of another key and a digest of a wrong size are refused`() async throws {
        let key = try await kms.load(try await create(.ecP256, .signVerify))
        await expect(.invalidParameter) {
            _ = try kms.sign(with: key, as: caller) { Self.request(Self.digest, .sm2DSA) }
        }
        await expect(.invalidParameter) {
            _ = try kms.sign(with: key, as: caller) { Self.request([1, 2, 3], .ecdsaSHA256) }
        }
    }

    @Test func `A key that was disabled does not sign with what is still in memory`() async throws {
        let id = try await create(.ecP256, .signVerify)
        _ = try kms.sign(with: try await kms.load(id), as: caller) { Self.request(Self.digest, .ecdsaSHA256) }
        try await kms.disable([id], as: caller)
        #expect(kms.resident(id) == nil)
        await expect(.wrongKeyState) {
            _ = try kms.sign(with: try await kms.load(id), as: caller) { Self.request(Self.digest, .ecdsaSHA256) }
        }
        try await kms.enable([id], as: caller)
        _ = try kms.sign(with: try await kms.load(id), as: caller) { Self.request(Self.digest, .ecdsaSHA256) }
    }

    @Test func `Whoever holds a key learns that it has changed`() async throws {
        let pair = try await create(.ecP256, .signVerify)
        let symmetric = try await fixture.create("symmetric")
        for id in [pair, symmetric] {
            let held = try await kms.load(id)
            #expect(kms.isCurrent(held))
            try await kms.updateDescription(of: id, to: "new", as: caller)
            #expect(!kms.isCurrent(held))
            let again = try await kms.load(id)
            #expect(kms.isCurrent(again))
            kms.forgetMaterial()
            #expect(!kms.isCurrent(again))
        }
    }

    @Test func `Parsed pairs are bounded apart from symmetric keys`() async throws {
        var limits = KeyService.Limits()
        limits.residentKeyPairs = 16
        let fixture = KeyServiceFixture(limits: limits)
        var ids: [KeyID] = []
        for number in 0..<80 { ids.append(try await fixture.create("k\(number)", spec: .ecP256)) }
        let symmetric = try await fixture.create("symmetric")
        _ = try await fixture.kms.load(symmetric)
        for id in ids { _ = try await fixture.kms.load(id) }
        #expect(ids.filter { fixture.kms.resident($0) != nil }.count <= 16)
        #expect(fixture.kms.resident(symmetric) != nil)
    }

    @Test func `Decryption needs the right scheme and an untouched ciphertext`() async throws {
        let key = try await kms.load(try await create(.sm2, .encryptDecrypt))
        let ciphertext = try kms.asymmetricEncrypt(under: key, .sm2ASN1, as: caller) { KeyMaterial([1, 2, 3]) }
        #expect(
            try kms.asymmetricDecrypt(with: key, as: caller) { (ciphertext, .sm2ASN1) } == KeyMaterial([1, 2, 3]))
        await expect(.invalidKeyUsage) {
            _ = try kms.asymmetricDecrypt(with: key, as: caller) { (ciphertext, .rsaOAEPSHA1) }
        }
        await expect(.decryptionFailed) {
            _ = try kms.asymmetricDecrypt(with: key, as: caller) { (ciphertext + [0], .sm2ASN1) }
        }
    }

    @Test func `A generated pair's private key comes back from its ciphertext alone`() async throws {
        let key = try await kms.load(try await fixture.create())
        let pair = try kms.generateKeyPair(under: key, as: caller) { nil }
        let opened = try kms.decrypt(try Ciphertext(pair.ciphertext), with: key, context: .empty, as: caller)
        #expect(opened == pair.privateKey)
        #expect(try Ciphertext(pair.ciphertext).purpose == .privateKey)
    }
}
