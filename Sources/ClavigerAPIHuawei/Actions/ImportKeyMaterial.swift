import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Imports wrapped material into an external key that waits for it (contract, section 7.20).
struct ImportKeyMaterial: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/import-key-material")
    static let required: [StaticString] = ["key_id", "import_token", "encrypted_key_material"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .notPendingImport

    /// Characters of a token.
    private static let tokenLengths = 200...6144

    /// Characters of wrapped material. RSA with 2048 bits makes 344.
    private static let materialLengths = 344...360

    /// The last second of the year 9999. What is behind it was meant as milliseconds.
    private static let latestExpiry = 253_402_300_799

    private let values: HuaweiValues

    // What kind the key is of, and in which state, comes before what is wrong with the values.
    init(_ values: HuaweiValues) throws(KMSError) { self.values = values }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> EmptyResponse {
        let gate = StateGate.only(.pendingImport)
        try call.kms.admit(.importMaterial, on: key, as: call.caller)
        try gate.admit(call.kms.currentKey(key))

        let tokenText = try base64Text("import_token", Self.tokenLengths)
        let materialText = try base64Text("encrypted_key_material", Self.materialLengths)
        let expiry = try values.number("expiration_time", in: 0...Self.latestExpiry)
            .map { Timestamp(seconds: Int64($0)) }
        let now = call.kms.clock.now
        if let expiry, expiry <= now {
            throw KMSError(
                HuaweiCode.invalidExpiry, "expiration_time is \(expiry.seconds), and it is \(now.seconds) now")
        }
        let token = try open(tokenText, for: key.key.id, at: now, in: call)
        try await call.kms.importMaterial(
            into: key.key.id, token: token.token, expiry: expiry, gate: gate, as: call.caller
        ) { () throws(KMSError) in
            do throws(CryptoError) {
                return try Base64.decode(materialText)
            } catch {
                throw KMSError(.invalidWrappedMaterial, "encrypted_key_material is no base64")
            }
        }
        return EmptyResponse()
    }

    /// The text of a member whose characters are all of Base64, which does not mean that it can be decoded.
    ///
    /// - Throws: KMS.0308.
    private func base64Text(
        _ name: StaticString, _ lengths: ClosedRange<Int>
    ) throws(KMSError) -> ArraySlice<UInt8> {
        let text = try values.bytes(name) ?? []
        guard lengths.contains(text.count), text.allSatisfy(Self.isOfBase64) else {
            throw KMSError(
                HuaweiCode.invalidParameter,
                "\(name) is base64 with \(lengths.lowerBound) to \(lengths.upperBound) characters")
        }
        return text
    }

    private static func isOfBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }

    /// - Throws: KMS.2605, KMS.2601, KMS.2603.
    private func open(
        _ text: ArraySlice<UInt8>, for id: KeyID, at now: Timestamp, in call: HuaweiCall
    ) throws(KMSError) -> ImportToken {
        guard let bytes = try? Base64.decode(text), let token = try call.kms.openImportToken(bytes) else {
            throw KMSError(HuaweiCode.invalidImportToken, "the import_token was not made here, or was altered")
        }
        guard token.expiry > now else {
            throw KMSError(HuaweiCode.importTokenExpired, "the import_token expired at \(token.expiry.seconds)")
        }
        guard token.key == id else {
            throw KMSError(HuaweiCode.importTokenOfOtherKey, "the import_token is one of key \(token.key)")
        }
        return token
    }
}
