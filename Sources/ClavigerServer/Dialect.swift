import ClavigerAPI
import ClavigerAPITencent

/// The APIs that the server speaks.
enum Dialect: CaseIterable {
    case tencent
    case tencentLegacy

    var api: any APIDialect.Type {
        switch self {
        case .tencent: Tencent.self
        case .tencentLegacy: TencentLegacy.self
        }
    }
}

/// The endpoints of all dialects.
struct DialectEndpoints: Sendable {
    let tencent: any APIEndpoint
    let tencentLegacy: any APIEndpoint

    subscript(dialect: Dialect) -> any APIEndpoint {
        switch dialect {
        case .tencent: tencent
        case .tencentLegacy: tencentLegacy
        }
    }
}
