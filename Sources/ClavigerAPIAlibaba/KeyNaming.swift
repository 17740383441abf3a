import ClavigerCore

/// An action that is told one key and finds it for itself.
protocol KeyNaming {
    var key: AlibabaKeyName { get }
}

extension AlibabaAction where Self: KeyNaming {
    var resources: [String] { key.resource.map { [$0] } ?? [] }
}
