import ClavigerCrypto

/// A value that a test can give a parameter.
protocol ParameterText: Sendable {
    var json: JSONValue { get }
}

extension String: ParameterText {
    var json: JSONValue { .string(Array(utf8)[...]) }
}

extension Int: ParameterText {
    var json: JSONValue { .number(Array(String(self).utf8)[...]) }
}

extension Int64: ParameterText {
    var json: JSONValue { .number(Array(String(self).utf8)[...]) }
}

extension [String]: ParameterText {
    var json: JSONValue { .array(map(\.json)) }
}

extension JSONValue {
    /// The parameters of a call.
    init(_ parameters: [String: any ParameterText]) {
        self = .object(
            parameters.sorted { $0.key < $1.key }.map { Member(name: Array($0.key.utf8)[...], value: $0.value.json) })
    }
}
