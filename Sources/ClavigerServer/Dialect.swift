import ClavigerAPI
import ClavigerAPIAdmin
import ClavigerAPIAlibaba
import ClavigerAPIHuawei
import ClavigerAPITencent
import NIOHTTP1

/// The APIs that the server speaks.
enum Dialect: CaseIterable {
    // In the order in which they are asked whether a request is theirs: one claims a single path within what the next claims, and what is left at
    // the root belongs to the last.
    case admin
    case tencentLegacy
    case huawei
    case huaweiIdentity
    case alibaba
    case tencent

    var api: any APIDialect.Type {
        switch self {
        case .admin: Admin.self
        case .alibaba: Alibaba.self
        case .huawei: Huawei.self
        case .huaweiIdentity: HuaweiIdentity.self
        case .tencent: Tencent.self
        case .tencentLegacy: TencentLegacy.self
        }
    }
}

extension Dialect {
    private static let all = allCases

    /// The dialect that a request belongs to, as far as its head tells; `nil` if it belongs to none.
    static func of(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Dialect? {
        all.first { $0.api.claims(path: path, query: query, headers: headers) }
    }

    /// The dialect that a request belongs to.
    static func of(_ request: WireRequest) -> Dialect? {
        let dialect = of(path: request.path, query: request.query, headers: request.headers)
        // What is left at the root may say in a form what it is; JSON, which most of it is, begins otherwise.
        guard dialect == all.last, let first = request.body.first, first != UInt8(ascii: "{") else { return dialect }
        return all.first { $0.api.claims(form: request.body[...]) } ?? dialect
    }
}

/// The endpoints of all dialects.
struct DialectEndpoints: Sendable {
    let admin: any APIEndpoint
    let alibaba: any APIEndpoint
    let huawei: any APIEndpoint
    let huaweiIdentity: any APIEndpoint
    let tencent: any APIEndpoint
    let tencentLegacy: any APIEndpoint

    subscript(dialect: Dialect) -> any APIEndpoint {
        switch dialect {
        case .admin: admin
        case .alibaba: alibaba
        case .huawei: huawei
        case .huaweiIdentity: huaweiIdentity
        case .tencent: tencent
        case .tencentLegacy: tencentLegacy
        }
    }
}
