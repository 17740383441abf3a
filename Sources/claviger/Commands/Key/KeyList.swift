import ArgumentParser
import ClavigerCrypto

/// `claviger key list`
struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List keys, the newest first.",
        discussion: """
              claviger key list --state enabled --search order
              claviger key list --tag env=prod --tag env=test --tag owner
              claviger key list --all --format json

            Values of the same tag are alternatives; different tags must all be there.
            """
    )

    @Option(help: "Only keys in this state.")
    var state: KeyStateFilter?

    @Option(help: ArgumentHelp("Only keys whose alias or id contains this.", valueName: "text"))
    var search: String?

    @Option(help: "Only keys of this usage.")
    var usage = "ALL"

    @Option(help: ArgumentHelp("Only keys whose material is made here (TENCENT_KMS) or comes from outside (EXTERNAL)."))
    var origin: String?

    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("Only keys with this tag; may be repeated.", valueName: "name[=value]"))
    var tags: [TagFilter] = []

    @Flag(help: "The oldest first.")
    var oldestFirst = false

    @Option(help: ArgumentHelp("As many keys at most.", valueName: "n"))
    var limit = 1000

    @Flag(help: "All keys, however many there are.")
    var all = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1.") }
    }

    func run() async throws {
        let (keys, total) = try await connection.withClient { client in
            try await client.keys(limit: all ? nil : limit) { json in
                if let state { json.member("KeyState", state.rawValue) }
                if let search { json.member("SearchKeyAlias", search) }
                json.member("KeyUsage", usage)
                if let origin { json.member("Origin", origin) }
                if oldestFirst { json.member("OrderType", 1) }
                if !tags.isEmpty { write(filters, to: &json) }
            }
        }
        try output.show(.members(["KeyMetadatas": .array(keys), "TotalCount": .integer(total)])) {
            Table(keys: keys).text
        }
        if keys.count < total, !all {
            StandardOutput.writeError("note: \(keys.count) of \(total) keys are shown; --all shows all\n")
        }
    }

    /// The tags' names in the order they were given, with the values of each; none if the tag only has to exist.
    private var filters: [(name: String, values: [String])] {
        var filters: [(name: String, values: [String])] = []
        for tag in tags {
            let values = tag.value.map { [$0] } ?? []
            if let index = filters.firstIndex(where: { $0.name == tag.name }) {
                filters[index].values += values
            } else {
                filters.append((tag.name, values))
            }
        }
        return filters
    }

    private func write(_ filters: [(name: String, values: [String])], to json: inout JSONWriter) {
        json.name("TagFilters")
        json.array(filters) { json, filter in
            json.object { json in
                json.member("TagKey", filter.name)
                guard !filter.values.isEmpty else { return }
                json.name("TagValue")
                json.array(filter.values) { $0.string($1) }
            }
        }
    }
}
