import ArgumentParser
import ClavigerEnvelope

/// How a file is encrypted; the first is the usual one.
enum FileAlgorithm: String, CaseIterable, ExpressibleByArgument {
    case gcm = "sm4-gcm"
    case gcmSigned = "sm4-gcm-signed"
    case cbcSigned = "sm4-cbc-signed"
    case ctrSigned = "sm4-ctr-signed"
    case ecbSigned = "sm4-ecb-signed"
    /// Weak, like the two below: changes of the file go unnoticed.
    case cbc = "sm4-cbc"
    case ctr = "sm4-ctr"
    case ecb = "sm4-ecb"

    init?(_ algorithm: EnvelopeAlgorithm) {
        guard let known = Self.allCases.first(where: { $0.algorithm == algorithm }) else { return nil }
        self = known
    }

    var algorithm: EnvelopeAlgorithm {
        switch self {
        case .gcm: .sm4GCM
        case .gcmSigned: .sm4GCMWithSignature
        case .cbcSigned: .sm4CBCWithSignature
        case .ctrSigned: .sm4CTRWithSignature
        case .ecbSigned: .sm4ECBWithSignature
        case .cbc: .sm4CBC
        case .ctr: .sm4CTR
        case .ecb: .sm4ECB
        }
    }
}
