import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key one more version (contract, section 5.2): new material that encrypts from now on, or one more key pair, used by its id.
struct CreateKeyVersion: ManagementAction, KeyNaming {
    typealias Response = KeyVersionResponse

    static let required: [StaticString] = ["KeyId"]

    /// Versions that a key can have.
    private static let mostVersions = 50

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyName() }

    func perform(in call: AlibabaCall) async throws(KMSError) -> KeyVersionResponse {
        let id = try await call.load(key, as: call.caller).key.id
        let version = try await call.kms.createVersion(of: id, limit: Self.mostVersions, as: call.caller)
        return KeyVersionResponse(
            version: KeyVersionSummary(id: version.id, key: id, createdAt: version.createdAt),
            madeKeys: key.isAlias ? [id] : [])
    }
}
