import ArgumentParser
import ClavigerCrypto

/// How a command shows what it has to show.
struct OutputOptions: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, yaml
    }

    @Option(help: "How to show the result; json and yaml have the names and numbers of the API.")
    var format: Format = .table

    /// Writes `value`, or what a person reads instead of it.
    func show(_ value: JSONValue, table: () -> String) throws(CommandFailure) {
        switch format {
        case .table: StandardOutput.write(table())
        case .json: StandardOutput.write(value.prettyPrinted + "\n")
        case .yaml: StandardOutput.write(try value.yaml())
        }
    }
}
