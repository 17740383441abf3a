import ClavigerCore

/// The parts of a resource's name in a policy language.
struct ResourceParts {
    /// Tencent's; everybody else's are empty.
    let project: String
    let service: String
    let region: String
    let account: String

    /// Kind and name.
    let path: String

    /// `nil` if the text does not have the right number of parts.
    init?(_ text: String, _ language: PolicyLanguage) {
        switch language {
        case .tencent:
            let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 6, parts[0] == "qcs" else { return nil }
            (project, service, region, account, path) = (parts[1], parts[2], parts[3], parts[4], parts[5])
        case .alibaba:
            let parts = text.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 5, parts[0] == "acs" else { return nil }
            (project, service, region, account, path) = ("", parts[1], parts[2], parts[3], parts[4])
        case .huawei:
            let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4 else { return nil }
            // The vendor writes this part in either case.
            (project, service, region, account, path) = ("", parts[0].lowercased(), parts[1], parts[2], parts[3])
        }
    }

    /// How resources are written.
    static func example(in language: PolicyLanguage) -> String {
        switch language {
        case .tencent: "qcs::kms:REGION:uin/ACCOUNT:key/creatorUin/CREATOR/KEY"
        case .alibaba: "acs:kms:REGION:ACCOUNT:key/KEY"
        case .huawei: "kms:REGION:DOMAIN:KeyId:KEY"
        }
    }

    /// Whether the account's part names this account, or all.
    func covers(_ owner: Account, _ grammar: PolicyGrammar) -> Bool {
        if account.isEmpty { return true }
        let glob = Glob(account, grammar.wildcards)
        switch grammar.language {
        case .tencent: return glob.matches(owner.id.description.utf8) || glob.matches("uin/\(owner.id)".utf8)
        case .alibaba: return glob.matches(owner.id.description.utf8)
        case .huawei: return glob.matches(owner.domainID.utf8)
        }
    }
}

extension Realm {
    /// Its names in a policy language.
    func names(in language: PolicyLanguage) -> [String] {
        switch language {
        case .tencent: tencentNames
        case .alibaba: alibabaNames
        case .huawei: huaweiNames
        }
    }
}
