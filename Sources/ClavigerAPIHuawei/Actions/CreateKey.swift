import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a customer master key (contract, section 7.1).
struct CreateKey: ManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/create-key")
    static let required: [StaticString] = ["key_alias"]

    private let alias: KeyAlias
    private let description: String
    private let origin: KeyOrigin

    /// `nil` for what keys of the region are made of.
    private let spec: KeySpec?
    private let usage: KeyUsage
    private let enterpriseProject: String

    init(_ values: HuaweiValues) throws(KMSError) {
        alias = try values.alias()
        description = try values.description() ?? ""
        origin = try values.choice("origin", [("kms", .generated), ("external", .external)]) ?? .generated
        spec = try values.choice("key_spec", KeySpec.huaweiChoices)
        // What a key is for is settled by what it is made of.
        usage = spec?.isSymmetric ?? true ? .encryptDecrypt : .signVerify
        let wanted = try values.choice(
            "key_usage", [("ENCRYPT_DECRYPT", KeyUsage.encryptDecrypt), ("SIGN_VERIFY", .signVerify)])
        guard wanted == nil || wanted == usage else {
            throw KMSError(HuaweiCode.invalidParameter, "keys of this key_spec are for \(usage.rawValue)")
        }
        if origin == .external, spec?.isSymmetric == false {
            throw KMSError(HuaweiCode.invalidParameter, "only symmetric keys can have material from outside")
        }
        guard try values.text("keystore_id") ?? "0" == "0" else {
            throw KMSError(HuaweiCode.invalidParameter, "the one key store is 0")
        }
        enterpriseProject = try values.enterpriseProject() ?? Key.defaultEnterpriseProject
    }

    func perform(in call: HuaweiCall) async throws(KMSError) -> Response {
        let key = try await call.kms.create(
            NewKey(
                spec: spec ?? call.caller.realm.edition.symmetricSpec, usage: usage, origin: origin, alias: alias,
                description: description, enterpriseProject: enterpriseProject, tags: []),
            limit: call.configuration.keyQuota, as: call.caller)
        return Response(id: key.id, domainID: call.account.domainID)
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let domainID: String

        var madeKeys: [KeyID] { [id] }

        func encode(to json: inout JSONWriter) {
            json.name("key_info")
            json.object { json in
                json.member("key_id", id.description)
                json.member("domain_id", domainID)
            }
        }
    }
}
