import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Imports wrapped material into an external key. The same material can be imported again at any time, which changes when it expires.
struct ImportKeyMaterial: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId", "ImportToken", "EncryptedKeyMaterial"]
    static let stateCode: AlibabaCode? = .stateModifiedFailed

    /// Bytes of wrapped material; no wrapping key makes more of a symmetric key than 256.
    private static let materialSizes = 1...8192

    /// Up to the last second of the year 9999. What is behind it was meant as milliseconds.
    private static let expiries: ClosedRange<Int64> = 0...253_402_300_799

    let key: AlibabaKeyName
    private let token: [UInt8]
    private let material: [UInt8]

    /// `nil` means never.
    private let expiry: Timestamp?

    init(_ values: AlibabaValues) throws(KMSError) {
        material = try values.base64("EncryptedKeyMaterial", Self.materialSizes)
        let expiry = try values.number("KeyMaterialExpireUnix", in: Self.expiries) ?? 0
        self.expiry = expiry == 0 ? nil : Timestamp(seconds: expiry)
        // A token that is no Base64 is none that was given out; it is refused where all others are.
        token = (try? Base64.decode(values.requiredBytes("ImportToken")[...])) ?? []
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        let now = call.kms.clock.now
        let resident = try await admittedKey(at: now, in: call)
        // What is wrong with the key comes before what is wrong with the token.
        try call.kms.admit(.importMaterial, on: resident, as: call.caller)
        let token = try open(for: resident.key.id, at: now, in: call)
        try await call.kms.importMaterial(
            into: resident.key.id, token: token.token, expiry: expiry, as: call.caller
        ) { () throws(KMSError) in material }
        return EmptyResponse()
    }

    /// The key, if the caller has the right to it and the moment of expiry is one that can be.
    private func admittedKey(at now: Timestamp, in call: AlibabaCall) async throws(KMSError) -> ResidentKey {
        let resident: ResidentKey
        do throws(KMSError) {
            resident = try await call.load(key, as: call.caller)
            try call.kms.requireRight(to: resident, as: call.caller)
        } catch {
            // What is wrong with a parameter comes before what is wrong with the key, but is not everybody's to hear.
            if error.code != .accessDenied { try requireFutureExpiry(at: now) }
            throw error
        }
        try requireFutureExpiry(at: now)
        return resident
    }

    private func requireFutureExpiry(at now: Timestamp) throws(KMSError) {
        guard let expiry, expiry <= now else { return }
        throw KMSError(.invalidParameter, "KeyMaterialExpireUnix is \(expiry.seconds), and it is \(now.seconds) now")
    }

    /// - Throws: InvalidImportToken, ExpiredImportToken.
    private func open(for id: KeyID, at now: Timestamp, in call: AlibabaCall) throws(KMSError) -> ImportToken {
        guard let token = try call.kms.openImportToken(token), token.key == id else {
            throw KMSError(
                alibaba: .invalidImportToken, "the ImportToken was not made here for this key, or was altered")
        }
        guard token.expiry > now else {
            throw KMSError(alibaba: .expiredImportToken, "the ImportToken expired at \(token.expiry.alibaba)")
        }
        return token
    }
}
