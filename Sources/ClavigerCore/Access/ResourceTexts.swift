/// What a resource is called in the languages, made when the first pattern needs it and kept for one decision.
struct ResourceTexts {
    private var tencent: [String]?
    private var alibaba: [String]?
    private var huawei: [String]?

    init() {}

    mutating func of(_ resource: AccessResource, in language: PolicyLanguage) -> [String] {
        switch language {
        case .tencent: Self.made(&tencent, resource, language)
        case .alibaba: Self.made(&alibaba, resource, language)
        case .huawei: Self.made(&huawei, resource, language)
        }
    }

    private static func made(
        _ texts: inout [String]?, _ resource: AccessResource, _ language: PolicyLanguage
    ) -> [String] {
        if let texts { return texts }
        let made = resource.texts(in: language)
        texts = made
        return made
    }
}
