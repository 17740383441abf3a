import ClavigerCore

extension KeyOrigin {
    /// The Origin that clients know.
    var alibaba: String {
        switch self {
        case .generated: "Aliyun_KMS"
        case .external: "EXTERNAL"
        }
    }

    static let alibabaChoices = allCases.map { ($0.alibaba, $0) }
}
