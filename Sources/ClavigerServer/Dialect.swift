import ClavigerAPI
import ClavigerAPIAdmin
import ClavigerAPIHuawei
import ClavigerAPITencent

/// The APIs that the server speaks.
enum Dialect: CaseIterable {
    // In the order in which they are asked whether a request is theirs: one claims a single path within what the next claims, and what is left at
    // the root belongs to the last.
    case admin
    case tencentLegacy
    case huawei
    case huaweiIdentity
    case tencent

    var api: any APIDialect.Type {
        switch self {
        case .admin: Admin.self
        case .huawei: Huawei.self
        case .huaweiIdentity: HuaweiIdentity.self
        case .tencent: Tencent.self
        case .tencentLegacy: TencentLegacy.self
        }
    }
}

/// The endpoints of all dialects.
struct DialectEndpoints: Sendable {
    let admin: any APIEndpoint
    let huawei: any APIEndpoint
    let huaweiIdentity: any APIEndpoint
    let tencent: any APIEndpoint
    let tencentLegacy: any APIEndpoint

    subscript(dialect: Dialect) -> any APIEndpoint {
        switch dialect {
        case .admin: admin
        case .huawei: huawei
        case .huaweiIdentity: huaweiIdentity
        case .tencent: tencent
        case .tencentLegacy: tencentLegacy
        }
    }
}
