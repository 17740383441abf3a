/// What must be so for a statement to count.
package struct PolicyCondition: Hashable, Sendable {
    /// How a test of one value becomes one of a list. Without it, some value must pass, and none if the test is
    /// negated.
    package enum Quantifier: Hashable, Sendable {
        case any, all
    }

    package enum Demand: Hashable, Sendable {
        /// - isNegated: no listed value may fit.
        /// - passesIfAbsent: the condition holds for calls that say nothing about the key. Others hold for them only if
        /// they are negated.
        case test(ConditionTest, isNegated: Bool, quantifier: Quantifier?, passesIfAbsent: Bool)

        /// Whether the key is absent is one of these.
        case absence([Bool])

        /// Whether the key is absent or an empty text is one of these.
        case emptiness([Bool])
    }

    package let key: ConditionKey
    package let demand: Demand

    package init(key: ConditionKey, demand: Demand) {
        self.key = key
        self.demand = demand
    }

    /// `nil` if a text is too long to be compared, or the facts are those of every call and the condition asks about one.
    func holds(_ resource: AccessResource, _ principal: Principal, _ facts: AccessFacts) -> Bool? {
        if facts.isOfEveryCall, key.isOfCall { return nil }
        let values = key.values(resource, principal, facts)
        switch demand {
        case .absence(let wanted): return wanted.contains(values.isEmpty)
        case .emptiness(let wanted): return wanted.contains(values.allSatisfy(\.isEmpty))
        case .test(let test, let isNegated, let quantifier, let passesIfAbsent):
            if passesIfAbsent, values.isEmpty { return true }
            if values.contains(where: \.isLong) { return nil }
            switch quantifier {
            case nil: return values.contains { test.holds(for: $0) } != isNegated
            case .any: return values.contains { test.holds(for: $0) != isNegated }
            case .all: return values.allSatisfy { test.holds(for: $0) != isNegated }
            }
        }
    }
}

extension ConditionValue {
    fileprivate var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .address, .time, .flag, .longText: false
        }
    }

    fileprivate var isLong: Bool {
        switch self {
        case .longText: true
        case .text, .address, .time, .flag: false
        }
    }
}
