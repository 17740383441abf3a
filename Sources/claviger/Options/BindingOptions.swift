import ArgumentParser
import ClavigerCrypto

/// The resource of a cloud product that a command binds to a key, or unbinds.
struct BindingOptions: ParsableArguments {
    @Option(help: "The product's id.")
    var product: String

    @Option(help: "The id of the product's resource.")
    var resource: String

    /// What names the resource in messages.
    var name: String { DisplayText.visible("\(product)/\(resource)") }

    var facts: KeyValuePairs<String, JSONValue?> { ["ProductId": .text(product), "ResourceId": .text(resource)] }

    func write(to json: inout JSONWriter) {
        json.member("ProductId", product)
        json.member("ResourceId", resource)
    }
}
