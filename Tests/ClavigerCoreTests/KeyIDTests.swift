import ClavigerCore
import Testing

@Suite struct KeyIDTests {
    @Test(arguments: [
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "01234567-89ab-cdef-0123-456789abcdef", "3f2b1c9e-0000-4000-8000-5d1f0a7c9e11",
    ])
    func `A UUID in lower case is read and written alike`(text: String) throws {
        #expect(try KeyID(text: Array(text.utf8)).description == text)
        #expect(KeyVersionID(try KeyID(text: Array(text.utf8)).value).description == text)
    }

    @Test func `The first digit is the highest`() throws {
        let id = try KeyID(text: Array("10000000-0000-0000-0000-000000000002".utf8))
        #expect(id.value == UInt128(1) << 124 | 2)
    }

    @Test(arguments: [
        "", " ", "x", "01234567-89AB-CDEF-0123-456789ABCDEF", "0123456789abcdef0123456789abcdef",
        "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
        "{01234567-89ab-cdef-0123-456789abcdef}", " 01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef\n", "01234567089ab-cdef-0123-456789abcdef",
        "0123456-789ab-cdef-0123-456789abcdef", "g1234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdé", "01234567_89ab_cdef_0123_456789abcdef",
        "01234567-89ab-cdef-0123-456789abcd-f", "--------------------------------????",
    ])
    func `Anything else is malformed`(text: String) {
        let error = #expect(throws: KMSError.self) { try KeyID(text: Array(text.utf8)) }
        #expect(error?.code == .malformedKeyID)
    }
}

@Suite struct TimestampTests {
    @Test func `Moments move by whole seconds`() {
        let moment = Timestamp(seconds: 100)
        #expect(moment + .days(7) == Timestamp(seconds: 100 + 604_800))
        #expect(moment - .seconds(1) == Timestamp(seconds: 99))
        #expect(moment + .milliseconds(1999) == Timestamp(seconds: 101))
        #expect(moment < Timestamp(seconds: 101))
    }

    @Test func `The system's clock is after this test was written`() {
        #expect(WallClock.system.now > Timestamp(seconds: 1_760_000_000))
    }
}

@Suite struct RowIdentityTests {
    @Test func `No two rows have the same identity`() {
        let identities = [
            RowIdentity("a"), RowIdentity("a", ""), RowIdentity("", "a"), RowIdentity("a", "b"), RowIdentity("ab"),
            RowIdentity("a", "b", ""), RowIdentity("a", "", "b"), RowIdentity("a\0\0\0\u{1}b"),
        ]
        #expect(Set(identities.map(\.bytes)).count == identities.count)
    }

    @Test func `A key version is bound to account, realm, spec, key and version`() {
        func identity(_ account: Int64, _ realm: String, _ spec: KeySpec, _ key: UInt128, _ version: UInt128) -> [UInt8]
        {
            KeyVersion.wrappingIdentity(
                scope: KeyScope(account: AccountID(account), realm: RealmID(realm)), spec: spec, key: KeyID(key),
                version: KeyVersionID(version)
            ).bytes
        }
        let base = identity(1, "south", .aes256, 1, 1)
        #expect(base == identity(1, "south", .aes256, 1, 1))
        for other in [
            identity(2, "south", .aes256, 1, 1), identity(1, "east", .aes256, 1, 1), identity(1, "south", .sm2, 1, 1),
            identity(1, "south", .aes256, 2, 1), identity(1, "south", .aes256, 1, 2),
        ] { #expect(base != other) }
    }
}
