import NIOHTTP1

/// A method and a path such as `/users/{user}/access-keys/{id}`, below ``Admin/prefix``.
struct AdminRoute: Sendable {
    private enum Part: Sendable {
        case word(String)
        case name(String)
    }

    let method: HTTPMethod

    /// The path as it is written here and in the OpenAPI document.
    let template: String
    private let parts: [Part]

    init(_ method: HTTPMethod, _ template: String) {
        self.method = method
        self.template = template
        parts = template.split(separator: "/").map { part in
            part.hasPrefix("{") ? .name(String(part.dropFirst().dropLast())) : .word(String(part))
        }
    }

    /// The names in the template.
    var names: [String] {
        parts.compactMap { part in
            switch part {
            case .word: nil
            case .name(let name): name
            }
        }
    }

    /// What stands at the names, if the path is one of this template.
    func match(_ segments: [String]) -> [String: String]? {
        guard segments.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .word(let word):
                guard word == segment else { return nil }
            case .name(let name):
                values[name] = segment
            }
        }
        return values
    }
}
