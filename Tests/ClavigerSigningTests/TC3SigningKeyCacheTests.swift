import ClavigerCrypto
import ClavigerSigning
import Testing

@Suite struct TC3SigningKeyCacheTests {
    private let cache = TC3SigningKeyCache(service: "kms")
    private let secret = KeyMaterial(Array("secret".utf8))

    private func code(_ key: HMACSHA256) -> [UInt8] { [1, 2, 3].withUnsafeBytes { Array(key.code(for: $0)) } }

    private func expected(_ secret: KeyMaterial, _ date: String) -> [UInt8] {
        code(TC3.signingKey(secret: secret, date: Array(date.utf8)[...], service: Array("kms".utf8)[...]))
    }

    private func cached(_ id: String, _ secret: KeyMaterial, _ date: String) -> [UInt8] {
        code(cache.key(for: id, secret: secret, date: Array(date.utf8)[...]))
    }

    @Test func `Each day has its own key, in any order`() {
        for date in ["2026-01-02", "2026-01-03", "2026-01-03", "2026-01-02", "2026-01-04"] {
            #expect(cached("ID", secret, date) == expected(secret, date))
        }
    }

    @Test func `Access keys do not share signing keys`() {
        let other = KeyMaterial(Array("other".utf8))
        #expect(cached("A", secret, "2026-01-02") == expected(secret, "2026-01-02"))
        #expect(cached("B", other, "2026-01-02") == expected(other, "2026-01-02"))
        #expect(cached("A", secret, "2026-01-02") == expected(secret, "2026-01-02"))
    }

    @Test func `A changed secret has another key at once`() {
        let other = KeyMaterial(Array("other".utf8))
        #expect(cached("ID", secret, "2026-01-02") == expected(secret, "2026-01-02"))
        #expect(cached("ID", other, "2026-01-02") == expected(other, "2026-01-02"))
    }

    @Test func `Many access keys do not confuse it`() {
        for number in 0..<5000 { _ = cached("ID\(number)", secret, "2026-01-02") }
        #expect(cached("ID7", secret, "2026-01-02") == expected(secret, "2026-01-02"))
    }
}
