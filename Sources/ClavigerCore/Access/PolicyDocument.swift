/// The language that a policy is written in: that of the cloud that it comes from.
package enum PolicyLanguage: String, CaseIterable, Sendable {
    /// Tencent Cloud's CAM, version 2.0.
    case tencent
    /// Alibaba Cloud's RAM, version 1.
    case alibaba
    /// Huawei Cloud's IAM, version 1.1.
    case huawei
}

/// A policy as somebody wrote it; it is kept and given back in these very words.
package struct PolicyDocument: Hashable, Sendable {
    package let language: PolicyLanguage
    package let text: String

    package init(language: PolicyLanguage, text: String) {
        self.language = language
        self.text = text
    }
}
