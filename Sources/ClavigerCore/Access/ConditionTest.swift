/// A comparison with the values that a condition lists; one of them is enough.
package enum ConditionTest: Hashable, Sendable {
    package enum Order: Hashable, Sendable {
        case equal, less, lessOrEqual, greater, greaterOrEqual
    }

    case text([[UInt8]])
    case textIgnoringCase([[UInt8]])
    case pattern([Glob])
    case prefix([[UInt8]])
    case suffix([[UInt8]])
    case number(Order, [DecimalNumber])
    case time(Order, [Timestamp])
    case flag([Bool])
    case address([IPNetwork])

    func holds(for value: ConditionValue) -> Bool {
        switch (self, value) {
        case (.text(let texts), .text(let text)): texts.contains { $0.elementsEqual(text) }
        case (.textIgnoringCase(let texts), .text(let text)): texts.contains(Self.withoutCase(String(Substring(text))))
        case (.pattern(let globs), .text(let text)): globs.contains { $0.matches(text) }
        case (.prefix(let texts), .text(let text)): texts.contains { text.starts(with: $0) }
        case (.suffix(let texts), .text(let text)): texts.contains { text.reversed().starts(with: $0.reversed()) }
        case (.number(let order, let numbers), .text(let text)):
            DecimalNumber(text).map { number in numbers.contains { order.holds(number, $0) } } ?? false
        case (.time(let order, let moments), .time(let moment)): moments.contains { order.holds(moment, $0) }
        case (.flag(let flags), .flag(let flag)): flags.contains(flag)
        case (.address(let networks), .address(let address)): networks.contains { $0.contains(address) }
        // Languages refuse comparisons that do not fit what is asked.
        case (.text, _), (.textIgnoringCase, _), (.pattern, _), (.prefix, _), (.suffix, _), (.number, _), (.time, _),
            (.flag, _), (.address, _):
            false
        }
    }

    /// The form in which texts are the same if only their case differs.
    package static func withoutCase(_ text: String) -> [UInt8] { Array(text.lowercased().utf8) }
}

extension ConditionTest.Order {
    fileprivate func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
