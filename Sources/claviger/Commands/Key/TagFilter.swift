import ArgumentParser

/// An argument `name` (the tag exists) or `name=value`.
struct TagFilter: ExpressibleByArgument {
    let name: String
    let value: String?

    init?(argument: String) {
        let pair = KeyValue(argument: argument)
        guard pair != nil || (!argument.isEmpty && !argument.contains("=")) else { return nil }
        name = pair?.name ?? argument
        value = pair?.value
    }
}
