extension AccessResource {
    /// What stands in a language's resource names behind service, region and account. A pattern covers the resource if
    /// it fits one of these.
    ///
    /// What makes and lists resources of a kind is called as all of them are. A key that does not exist is too, so that
    /// nobody learns what exists who has no right to keys in general.
    package func texts(in language: PolicyLanguage) -> [String] {
        let word = kind.word(in: language)
        if kind == .server { return [word] }
        let separator =
            switch language {
            case .tencent, .alibaba: "/"
            case .huawei: ":"
            }
        switch name {
        case .all:
            let all = "\(word)\(separator)*"
            switch language {
            case .tencent, .huawei: return [all]
            case .alibaba: return [all, word]
            }
        case .key(let id):
            guard let creator else { return ["\(word)\(separator)*"] }
            switch language {
            case .tencent: return ["\(word)/creatorUin/\(creator)/\(id)"]
            case .alibaba, .huawei: return ["\(word)\(separator)\(id)"]
            }
        case .text(let name): return ["\(word)\(separator)\(name)"]
        case .new(let name):
            let own = "\(word)\(separator)\(name)"
            switch language {
            case .tencent, .huawei: return [own]
            // This vendor's documents name what is made in the one case, and where it is made in the other.
            case .alibaba: return [own, word]
            }
        }
    }
}

extension AccessResource.Kind {
    /// The word for the kind in a language's resource names.
    package func word(in language: PolicyLanguage) -> String {
        switch language {
        case .tencent, .alibaba: rawValue
        case .huawei: self == .key ? "KeyId" : rawValue
        }
    }
}
