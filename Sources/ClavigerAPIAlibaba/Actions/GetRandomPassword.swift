import ClavigerCore
import ClavigerCrypto

/// Makes a random password, which is not stored.
struct GetRandomPassword: DataPlaneAction {
    private static let lengths = Int64(PasswordRules.lengths.lowerBound)...Int64(PasswordRules.lengths.upperBound)

    private static let exclusions: [(parameter: StaticString, kind: PasswordRules.CharacterKind)] = [
        ("ExcludeLowercase", .lowercase), ("ExcludeUppercase", .uppercase), ("ExcludeNumbers", .digit),
        ("ExcludePunctuation", .punctuation),
    ]

    private let rules: PasswordRules

    init(_ values: AlibabaValues) throws(KMSError) {
        var excluded: Set<PasswordRules.CharacterKind> = []
        for (parameter, kind) in Self.exclusions where try values.boolean(parameter) ?? false { excluded.insert(kind) }
        rules = try PasswordRules(
            length: try values.number("PasswordLength", in: Self.lengths).map(Int.init) ?? PasswordRules.defaultLength,
            excluding: excluded, excludedCharacters: values.text("ExcludeCharacters") ?? "",
            requiresEachKind: try values.boolean("RequireEachIncludedType") ?? true)
    }

    func perform(in call: AlibabaCall) throws(KMSError) -> Response {
        Response(password: try call.secrets.generatePassword(rules, as: call.caller))
    }

    struct Response: AlibabaResponse {
        let password: KeyMaterial

        func encode(to json: inout JSONWriter) {
            json.name("RandomPassword")
            password.withUnsafeBytes { json.string($0) }
        }
    }
}
