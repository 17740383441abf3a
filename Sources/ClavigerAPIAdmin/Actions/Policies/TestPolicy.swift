import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// Says whether a user may do something, and which statement decides.
struct TestPolicy: AdminAction {
    static let body: [Parameter]? = [
        .required("user", .string, "whose rights"),
        .required("action", .string, "in the words of a policy language, such as `name/kms:Encrypt`"),
        .optional(
            "resource", .string,
            "a key's id, or a resource in the words of a policy language; everything of the kind if it is not said"),
        .optional(
            "language", .string, "`tencent`, `alibaba` or `huawei`; whichever knows the action if it is not said"),
        .optional("region", .string, "any name of the region; the first of the server if it is not said"),
        .optional("source", .string, "the address that the call would come from"),
        .optional("time", .string, "when; now if it is not said"),
        .optional("context", .any, "the encryption context, an object"),
    ]

    private let user: String
    private let action: String
    private let resource: String?
    private let language: PolicyLanguage?
    private let region: String?
    private let source: String?
    private let time: Timestamp?
    private let context: EncryptionContext

    init(_ input: AdminInput) throws(KMSError) {
        user = input.body.text("user") ?? ""
        action = input.body.text("action") ?? ""
        resource = input.body.text("resource")
        language = try input.policyLanguage()
        region = input.body.text("region")
        source = input.body.text("source")
        time = try AdminInput.moment("time", in: input.body)
        do throws(CryptoError) {
            context =
                try input.body.value("context").map { value throws(CryptoError) in try EncryptionContext(value) }
                ?? .empty
        } catch {
            throw KMSError(.invalidParameterValue, "context is an object, as an encryption context is")
        }
    }

    var resources: [String] { ["user/\(user)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> PolicyDecisionAnswer {
        // Addresses of callers come with a port, which no condition asks for.
        var facts = AccessFacts(source: source.map { "\($0):0" } ?? "", now: time ?? call.kms.clock.now)
        facts.encryptionContext = context
        let question = PolicyQuestion(
            user: user, action: action, language: language, resource: resource, realm: try call.realm(region),
            facts: facts)
        return PolicyDecisionAnswer(answer: try await call.identities.testPolicy(question, as: call.caller()))
    }
}
