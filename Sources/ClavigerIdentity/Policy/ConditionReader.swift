import ClavigerCore

/// Reads the conditions of a statement.
struct ConditionReader {
    let grammar: PolicyGrammar
    let limits: PolicyLimits?

    func conditions(_ value: LocatedJSON) throws(PolicyFault) -> [PolicyCondition] {
        var conditions: [PolicyCondition] = []
        for member in try value.members(of: "a condition") {
            let meaning = try meaning(member)
            let tests = try member.value.members(of: "an operator")
            guard !tests.isEmpty else {
                throw PolicyFault("\(PolicyFault.quote(member.name)) compares nothing", at: member.value.offset)
            }
            for test in tests { conditions.append(try condition(member.name, meaning, test)) }
        }
        return conditions
    }

    fileprivate struct Meaning {
        let symbol: ConditionOperator
        let quantifier: PolicyCondition.Quantifier?
        let passesIfAbsent: Bool
    }

    private func meaning(_ member: LocatedJSON.Member) throws(PolicyFault) -> Meaning {
        var name = member.name[...]
        var quantifier: PolicyCondition.Quantifier?
        if name.hasPrefix(grammar.anyPrefix) {
            quantifier = .any
            name = name.dropFirst(grammar.anyPrefix.count)
        } else if name.hasPrefix(grammar.allPrefix) {
            quantifier = .all
            name = name.dropFirst(grammar.allPrefix.count)
        }
        let prefix = member.name.prefix(upTo: name.startIndex)
        let passesIfAbsent = name.hasSuffix(grammar.ifExistsSuffix)
        if passesIfAbsent { name = name.dropLast(grammar.ifExistsSuffix.count) }
        let suffix = passesIfAbsent ? grammar.ifExistsSuffix : ""
        guard let symbol = grammar.operators[String(name)] else {
            let nearest = EditDistance.nearest(to: String(name), in: grammar.operators.keys)
            throw PolicyFault(
                "\(PolicyFault.quote(member.name)) is no operator", at: member.offset,
                suggestion: nearest.map { prefix + $0 + suffix })
        }
        if symbol.kind == nil, quantifier != nil || passesIfAbsent {
            throw PolicyFault(
                "\(PolicyFault.quote(String(name))) asks whether something is there; it has no other forms",
                at: member.offset)
        }
        return Meaning(symbol: symbol, quantifier: quantifier, passesIfAbsent: passesIfAbsent)
    }

    private func condition(
        _ name: String, _ meaning: Meaning, _ test: LocatedJSON.Member
    ) throws(PolicyFault) -> PolicyCondition {
        guard let key = grammar.conditionKey(test.name) else {
            let known = Array(grammar.keys.keys) + grammar.keyFamilies.map(\.prefix)
            throw PolicyFault(
                "\(PolicyFault.quote(test.name)) is no condition key", at: test.offset,
                suggestion: EditDistance.nearest(to: test.name, in: known))
        }
        if let kind = meaning.symbol.kind, kind != key.kind {
            throw PolicyFault(
                "\(PolicyFault.quote(name)) does not fit \(PolicyFault.quote(test.name)), which is \(key.kind.words)",
                at: test.offset)
        }
        try limits?.check(LocatedText(text: test.name, offset: test.offset))
        let values = try test.value.scalars(of: "a value")
        for value in values { try limits?.count(value, meaning.symbol.wildcards(in: grammar)) }
        let isNegated = meaning.symbol.isNegated
        let demand: PolicyCondition.Demand
        switch meaning.symbol.comparison {
        case .text: demand = .init(.text(values.map { Array($0.text.utf8) }), meaning)
        case .textIgnoringCase:
            demand = .init(.textIgnoringCase(values.map { ConditionTest.withoutCase($0.text) }), meaning)
        case .pattern: demand = .init(.pattern(values.map { Glob($0.text, grammar.wildcards) }), meaning)
        case .prefix: demand = .init(.prefix(values.map { Array($0.text.utf8) }), meaning)
        case .suffix: demand = .init(.suffix(values.map { Array($0.text.utf8) }), meaning)
        case .number(let order):
            demand = .init(.number(order, try parse(values, "no number") { DecimalNumber($0.utf8) }), meaning)
        case .time(let order):
            let words = "no time; times are written \"2026-01-31T12:00:00Z\" or in seconds since 1970"
            demand = .init(.time(order, try parse(values, words) { PolicyTime.parse($0) }), meaning)
        case .flag: demand = .init(.flag(try flags(values)), meaning)
        case .address:
            let words = "no address; addresses are written \"192.0.2.1\", \"192.0.2.0/24\" or \"2001:db8::/32\""
            demand = .init(.address(try parse(values, words) { IPNetwork($0) }), meaning)
        case .absence: demand = .absence(try flags(values))
        case .emptiness: demand = .emptiness(try flags(values).map { $0 != isNegated })
        }
        return PolicyCondition(key: key, demand: demand)
    }

    private func flags(_ values: [LocatedText]) throws(PolicyFault) -> [Bool] {
        try parse(values, "neither true nor false") { text in
            switch text.lowercased() {
            case "true": true
            case "false": false
            default: nil
            }
        }
    }

    private func parse<Value>(
        _ values: [LocatedText], _ fault: String, _ parse: (String) -> Value?
    ) throws(PolicyFault) -> [Value] {
        var parsed: [Value] = []
        for value in values {
            guard let result = parse(value.text) else {
                throw PolicyFault("\(PolicyFault.quote(value.text)) is \(fault)", at: value.offset)
            }
            parsed.append(result)
        }
        return parsed
    }
}

extension PolicyCondition.Demand {
    fileprivate init(_ test: ConditionTest, _ meaning: ConditionReader.Meaning) {
        self = .test(
            test, isNegated: meaning.symbol.isNegated, quantifier: meaning.quantifier,
            passesIfAbsent: meaning.passesIfAbsent)
    }
}

extension ConditionKey.Kind {
    fileprivate var words: String {
        switch self {
        case .address: "an address"
        case .time: "a time"
        case .flag: "true or false"
        case .text: "text"
        }
    }
}
