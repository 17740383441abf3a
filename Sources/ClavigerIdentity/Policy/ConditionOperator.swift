import ClavigerCore

/// What an operator of conditions means.
struct ConditionOperator: Sendable {
    enum Comparison: Sendable {
        case text, textIgnoringCase, pattern, prefix, suffix
        case number(ConditionTest.Order)
        case time(ConditionTest.Order)
        case flag
        case address
        case absence
        case emptiness
    }

    let comparison: Comparison
    let isNegated: Bool

    init(_ comparison: Comparison, isNegated: Bool = false) {
        self.comparison = comparison
        self.isNegated = isNegated
    }

    /// What stands for something else in its values; `nil` if nothing does.
    func wildcards(in grammar: PolicyGrammar) -> Glob.Wildcards? {
        switch comparison {
        case .pattern: grammar.wildcards
        case .text, .textIgnoringCase, .prefix, .suffix, .number, .time, .flag, .address, .absence, .emptiness: nil
        }
    }

    /// What kinds of things it can ask about; `nil` means all.
    var kind: ConditionKey.Kind? {
        switch comparison {
        case .text, .textIgnoringCase, .pattern, .prefix, .suffix, .number: .text
        case .time: .time
        case .flag: .flag
        case .address: .address
        case .absence, .emptiness: nil
        }
    }
}
