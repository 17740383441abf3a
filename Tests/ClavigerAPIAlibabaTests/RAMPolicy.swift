/// Policies in the vendor's language.
enum RAMPolicy {
    /// - Parameter condition: the object of the member `Condition`.
    static func statement(
        _ effect: String, _ actions: [String], on resources: [String] = ["*"], if condition: String? = nil
    ) -> String {
        func list(_ texts: [String]) -> String { "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let condition = condition.map { ",\"Condition\":\($0)" } ?? ""
        return "{\"Effect\":\"\(effect)\",\"Action\":\(list(actions)),\"Resource\":\(list(resources))\(condition)}"
    }

    static func document(_ statements: String...) -> String {
        "{\"Version\":\"1\",\"Statement\":[\(statements.joined(separator: ","))]}"
    }

    static func allowing(_ actions: [String], on resources: [String] = ["*"], if condition: String? = nil) -> String {
        document(statement("Allow", actions, on: resources, if: condition))
    }

    /// All rights to the service but these.
    static func allowingAll(but actions: [String], on resources: [String] = ["*"]) -> String {
        document(statement("Allow", ["kms:*"]), statement("Deny", actions, on: resources))
    }
}
