package import ClavigerCore
package import ClavigerCrypto
import Synchronization

/// Makes and opens tokens, so that whoever presents one needs no row in the store.
///
/// A token is `clv1.`, or `clv1_` for those of identities, and the Base64 for URLs without padding (RFC 4648 section 5) of
///
///     kind        1 byte    1 session, 2 temporary credential, 3 identity
///     id         16 bytes   random
///     record      n bytes   encrypted
///     tag        16 bytes
///
/// The record is encrypted with AES-256-GCM under a key and an IV of its own, which HKDF-SHA-256 derives from the server's token key with the id as
/// salt and `claviger token 1` and the kind as info; kind and id are authenticated with it. The record, numbers in big-endian order:
///
///     account     8 bytes
///     epoch       8 bytes   the identity's `sessionsValidFrom`
///     issued      8 bytes   seconds since 1970
///     expiry      8 bytes   seconds since 1970
///     identity, access key id, secret, issuer: each a length of 1 byte and as many bytes; the last three are filled in temporary credentials only
///     project: the same, in tokens of identities only; empty if it counts for the whole account
///
/// The issuer is empty, or 1 and the id of the access key, or 2 and the token id of the session that temporary credentials were made with.
///
/// Every token has one spelling. Whatever is wrong with one is `.invalidToken` in the same words, unless it was made here and is merely too old.
package final class TokenAuthority: Sendable {
    package static let keySize = 32

    /// The longest that a token can count, in seconds.
    static let longestLifetime = Duration.seconds(129_600)

    private static let label = Array("claviger token 1".utf8)
    private static let headerSize = 1 + Token.idSize
    private static let numbersSize = 32

    /// Nothing that was made here is longer.
    private static let longestText = 1024

    private let key: KeyMaterial
    private let random: RandomSource
    private let clock: WallClock

    /// Tokens that are void before their time, and when they would be anyway.
    private let revoked = Mutex<[[UInt8]: Timestamp]>([:])

    /// - Parameter key: 32 secret bytes of the server's own. Whoever has them can be anybody.
    package init(key: KeyMaterial, random: RandomSource, clock: WallClock = .system) {
        precondition(key.count == Self.keySize)
        self.key = key
        self.random = random
        self.clock = clock
    }

    package static let invalidToken = KMSError(
        .invalidToken, "the token was not made here, was changed, does not belong to the access key id, or is void")

    package static let tokenExpired = KMSError(.tokenExpired, "the token has expired")

    // MARK: making

    /// A new token's id.
    func makeID() -> [UInt8] { random.bytes(Token.idSize) }

    /// The text of a token, in ASCII.
    func seal(_ token: Token) throws(KMSError) -> KeyMaterial {
        let record = Self.record(of: token)
        let size = Self.headerSize + record.count + AES256GCM.tagSize
        do throws(CryptoError) {
            let sealed = try KeyMaterial(count: size) { target throws(CryptoError) in
                target[0] = token.kind.rawValue
                UnsafeMutableRawBufferPointer(rebasing: target[1..<Self.headerSize]).copyBytes(from: token.id)
                let header = UnsafeRawBufferPointer(rebasing: target[..<Self.headerSize])
                try withKey(header: header) { key, iv throws(CryptoError) in
                    try record.withUnsafeBytes { record throws(CryptoError) in
                        try AES256GCM.seal(
                            record, key: key, iv: iv, authenticating: header,
                            into: UnsafeMutableRawBufferPointer(
                                rebasing: target[Self.headerSize..<Self.headerSize + record.count]),
                            tag: UnsafeMutableRawBufferPointer(
                                rebasing: target[(Self.headerSize + record.count)...]))
                    }
                }
            }
            return Base64URL.encode(sealed, prefix: token.kind.prefix)
        } catch {
            throw KMSError(.backendFailed, "the token could not be made", cause: error)
        }
    }

    private static func record(of token: Token) -> KeyMaterial {
        let identity = Array(token.identity.utf8)
        let accessKeyID = Array(token.accessKeyID.utf8)
        let issuer = token.issuer.bytes
        let project = Array(token.project.utf8)
        // The ids are made here and have 32 and 36 characters, the secret has 32.
        precondition(max(identity.count, accessKeyID.count, token.secret.count, issuer.count, project.count) <= 255)
        let size =
            numbersSize + token.kind.fieldCount + identity.count + accessKeyID.count + token.secret.count
            + issuer.count + project.count
        return KeyMaterial(count: size) { target in
            var written = 0
            for number in [token.account.number, token.epoch.seconds, token.issuedAt.seconds, token.expiry.seconds] {
                target.storeBytes(of: number.bigEndian, toByteOffset: written, as: Int64.self)
                written += 8
            }
            func append(_ field: UnsafeRawBufferPointer) {
                target[written] = UInt8(field.count)
                UnsafeMutableRawBufferPointer(rebasing: target[(written + 1)...]).copyMemory(from: field)
                written += 1 + field.count
            }
            identity.withUnsafeBytes(append)
            accessKeyID.withUnsafeBytes(append)
            token.secret.withUnsafeBytes(append)
            issuer.withUnsafeBytes(append)
            if token.kind == .identity { project.withUnsafeBytes(append) }
        }
    }

    // MARK: opening

    /// What the token says, if it was made here, is of this kind, and is neither too old nor revoked.
    ///
    /// - Throws: `.invalidToken`, `.tokenExpired`.
    func open(_ text: String, as kind: Token.Kind) throws(KMSError) -> Token {
        guard text.utf8.count <= Self.longestText, let sealed = Base64URL.decode(text.utf8, prefix: kind.prefix) else {
            throw Self.invalidToken
        }
        guard let token = sealed.withUnsafeBytes({ opened($0, as: kind) }) else { throw Self.invalidToken }
        guard clock.now < token.expiry else { throw Self.tokenExpired }
        guard !isRevoked(token.id) else { throw Self.invalidToken }
        return token
    }

    /// - Returns: `nil` for whatever was not made here as such a token.
    private func opened(_ sealed: UnsafeRawBufferPointer, as kind: Token.Kind) -> Token? {
        let recordSize = sealed.count - Self.headerSize - AES256GCM.tagSize
        guard recordSize >= Self.numbersSize + kind.fieldCount, sealed[0] == kind.rawValue else { return nil }
        let header = UnsafeRawBufferPointer(rebasing: sealed[..<Self.headerSize])
        do throws(CryptoError) {
            let record = try KeyMaterial(count: recordSize) { target throws(CryptoError) in
                try withKey(header: header) { key, iv throws(CryptoError) in
                    try AES256GCM.open(
                        UnsafeRawBufferPointer(rebasing: sealed[Self.headerSize..<Self.headerSize + recordSize]),
                        key: key, iv: iv, authenticating: header,
                        tag: UnsafeRawBufferPointer(rebasing: sealed[(Self.headerSize + recordSize)...]), into: target)
                }
            }
            return record.withUnsafeBytes { Self.token(kind, id: Array(header[1...]), record: $0) }
        } catch {
            return nil
        }
    }

    /// - Returns: `nil` for a record in another form, which only a newer version can have made.
    private static func token(_ kind: Token.Kind, id: [UInt8], record: UnsafeRawBufferPointer) -> Token? {
        func number(_ index: Int) -> Int64 {
            Int64(bigEndian: record.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
        }
        var rest = record[numbersSize...]
        func field() -> UnsafeRawBufferPointer? {
            guard let count = rest.popFirst(), rest.count >= Int(count) else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return UnsafeRawBufferPointer(rebasing: rest.prefix(Int(count)))
        }
        guard let identity = field(), let accessKeyID = field(), let secret = field(),
            let issuer = field().flatMap({ Token.Issuer(Array($0)) }),
            let project = kind == .identity ? field() : UnsafeRawBufferPointer(start: nil, count: 0), rest.isEmpty
        else { return nil }
        return Token(
            kind: kind, id: id, account: AccountID(number(0)), identity: String(decoding: identity, as: UTF8.self),
            epoch: Timestamp(seconds: number(1)), issuedAt: Timestamp(seconds: number(2)),
            expiry: Timestamp(seconds: number(3)), accessKeyID: String(decoding: accessKeyID, as: UTF8.self),
            secret: KeyMaterial(copying: secret), issuer: issuer,
            project: String(decoding: project, as: UTF8.self))
    }

    /// Gives `body` the key and the IV of the token that begins with `header`.
    private func withKey(
        header: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(CryptoError) -> Void
    ) throws(CryptoError) {
        let derived = try KeyMaterial(count: AES256GCM.keySize + AES256GCM.ivSize) { target throws(CryptoError) in
            try key.withUnsafeBytes { key throws(CryptoError) in
                try (Self.label + [header[0]]).withBytes { info throws(CryptoError) in
                    try HKDFSHA256.derive(
                        from: key, salt: UnsafeRawBufferPointer(rebasing: header[1...]), info: info, into: target)
                }
            }
        }
        try derived.withUnsafeBytes { derived throws(CryptoError) in
            try body(
                UnsafeRawBufferPointer(rebasing: derived[..<AES256GCM.keySize]),
                UnsafeRawBufferPointer(rebasing: derived[AES256GCM.keySize...]))
        }
    }

    // MARK: revoking

    /// Reads which tokens were revoked, when the server starts.
    package func loadRevoked(from store: any IdentityStore) async throws(KMSError) {
        let now = clock.now
        let ids = try await store.revokedTokens(at: now)
        revoked.withLock { revoked in
            for id in ids { revoked[id] = now + Self.longestLifetime }
        }
    }

    /// Whether the token was made void before its time; it may be told of one that is too old anyway.
    func isRevoked(_ id: [UInt8]) -> Bool { revoked.withLock { $0[id] } != nil }

    /// Makes a token void from now on.
    func revoke(_ id: [UInt8], expiry: Timestamp, in store: any IdentityStore) async throws(KMSError) {
        try await store.revokeToken(id, expiry: expiry)
        let now = clock.now
        revoked.withLock { revoked in
            revoked = revoked.filter { $0.value > now }
            revoked[id] = expiry
        }
    }
}

extension Token.Kind {
    private static let identityPrefix = Array("clv1_".utf8)
    private static let otherPrefix = Array("clv1.".utf8)

    /// What the text begins with. Huawei's clients know letters, digits, `+`, `/`, `=`, `_` and `-` in tokens, and no full stop.
    fileprivate var prefix: [UInt8] {
        switch self {
        case .session, .temporaryCredential: Self.otherPrefix
        case .identity: Self.identityPrefix
        }
    }

    /// The fields of the record that begin with their length.
    fileprivate var fieldCount: Int {
        switch self {
        case .session, .temporaryCredential: 4
        case .identity: 5
        }
    }
}

extension Token.Issuer {
    /// - Returns: `nil` for what only a newer version can have written.
    fileprivate init?(_ bytes: [UInt8]) {
        switch (bytes.first, bytes.dropFirst()) {
        case (nil, _): self = .none
        case (1, let id): self = .accessKey(String(decoding: id, as: UTF8.self))
        case (2, let id): self = .session(Array(id))
        default: return nil
        }
    }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .none: []
        case .accessKey(let id): [1] + Array(id.utf8)
        case .session(let id): [2] + id
        }
    }
}
