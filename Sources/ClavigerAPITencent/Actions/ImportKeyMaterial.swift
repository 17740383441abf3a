import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Imports wrapped material into an external key.
struct ImportKeyMaterial: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("EncryptedKeyMaterial", .string),
        .required("ImportToken", .string),
        .optional("ValidTo", .unsigned),
    ]

    /// The last moment that the vendor lets material be valid to.
    private static let latestExpiry: UInt64 = 2_147_443_200

    /// Bytes of the longest wrapped material that any wrapping key makes.
    private static let longestMaterial = 512

    private let id: KeyID
    private let encrypted: Deferred<[UInt8]>
    private let token: [UInt8]
    private let expiry: Timestamp?

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        encrypted = Deferred { () throws(KMSError) in
            do throws(KMSError) {
                return try values.base64("EncryptedKeyMaterial", 1...Self.longestMaterial)
            } catch {
                throw KMSError(.invalidWrappedMaterial, error.message)
            }
        }
        // A token that is no base64 cannot be one that was given out; it is refused where all others are.
        token = (try? Base64.decode(values.bytes("ImportToken") ?? [])) ?? []
        let validTo = values.number("ValidTo") ?? 0
        guard validTo <= Self.latestExpiry else {
            throw KMSError(.invalidParameterValue, "ValidTo is at most \(Self.latestExpiry)")
        }
        expiry = validTo == 0 ? nil : Timestamp(seconds: Int64(validTo))
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.importMaterial(
            into: id, token: token, expiry: expiry, gate: .only(.enabled, .pendingImport), as: call.caller
        ) { () throws(KMSError) in try encrypted.get() }
        return EmptyResponse()
    }
}
