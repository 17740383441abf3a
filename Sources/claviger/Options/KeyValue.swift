import ArgumentParser

/// An argument `name=value`. The name is not empty; the value may hold further equals signs.
struct KeyValue: Hashable, Sendable, ExpressibleByArgument {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}
