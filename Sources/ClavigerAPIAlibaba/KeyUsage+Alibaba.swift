import ClavigerCore

extension KeyUsage {
    /// The KeyUsage that clients know.
    var alibaba: String {
        switch self {
        case .encryptDecrypt: "ENCRYPT/DECRYPT"
        case .signVerify: "SIGN/VERIFY"
        }
    }

    static let alibabaChoices = allCases.map { ($0.alibaba, $0) }
}
