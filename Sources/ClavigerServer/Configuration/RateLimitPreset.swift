import ClavigerAPIAdmin
import ClavigerAPIAlibaba
import ClavigerAPIHuawei
import ClavigerAPITencent
import ClavigerIdentity

/// How often an account may call each action, if an operator says nothing of single actions.
package enum RateLimitPreset: String, CaseIterable, Sendable {
    /// As often as it can.
    case off
    /// As often as the vendors' documents say.
    case documented

    /// Calls per second by the actions' names, in all dialects.
    static let documentedRates = Tencent.documentedRates

    /// All actions that can be limited: those of the vendors' dialects, and those of administration.
    static let actions = Set(documentedRates.keys).union(Admin.operationNames).union(Huawei.actionNames)
        .union(Alibaba.actionNames)

    /// The limits, with those of single actions; 0 is none.
    func limits(with actions: [String: Int]) -> RateLimits {
        let rates =
            switch self {
            case .off: actions
            case .documented: Self.documentedRates.merging(actions) { $1 }
            }
        return RateLimits(rates.filter { $0.value > 0 })
    }
}
