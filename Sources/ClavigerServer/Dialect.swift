import ClavigerAPI
import ClavigerAPIAdmin
import ClavigerAPITencent

/// The APIs that the server speaks.
enum Dialect: CaseIterable {
    case admin
    case tencent
    case tencentLegacy

    var api: any APIDialect.Type {
        switch self {
        case .admin: Admin.self
        case .tencent: Tencent.self
        case .tencentLegacy: TencentLegacy.self
        }
    }
}

/// The endpoints of all dialects.
struct DialectEndpoints: Sendable {
    let admin: any APIEndpoint
    let tencent: any APIEndpoint
    let tencentLegacy: any APIEndpoint

    subscript(dialect: Dialect) -> any APIEndpoint {
        switch dialect {
        case .admin: admin
        case .tencent: tencent
        case .tencentLegacy: tencentLegacy
        }
    }
}
