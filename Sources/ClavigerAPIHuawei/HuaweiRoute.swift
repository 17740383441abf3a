import NIOHTTP1

/// Which requests are calls of an action: the method, and the path with names in braces for what varies.
struct HuaweiRoute: Sendable {
    enum Segment: Hashable, Sendable {
        case literal(String)
        case parameter(String)
    }

    let method: HTTPMethod

    /// The pieces behind `/v1.0/{project_id}/kms/`.
    let segments: [Segment]

    static func get(_ path: String) -> HuaweiRoute { HuaweiRoute(.GET, path) }
    static func post(_ path: String) -> HuaweiRoute { HuaweiRoute(.POST, path) }
    static func delete(_ path: String) -> HuaweiRoute { HuaweiRoute(.DELETE, path) }

    private init(_ method: HTTPMethod, _ path: String) {
        self.method = method
        let prefix = "/v1.0/{project_id}/kms/"
        precondition(path.hasPrefix(prefix), "every path of the dialect begins alike")
        segments = path.dropFirst(prefix.count).split(separator: "/").map { piece in
            piece.hasPrefix("{") ? .parameter(String(piece.dropFirst().dropLast())) : .literal(String(piece))
        }
    }

    /// What the call is named in audit events unless its action says otherwise.
    var name: String {
        segments.compactMap { segment in
            switch segment {
            case .literal(let text): text
            case .parameter: nil
            }
        }.joined(separator: "-")
    }

    /// The values of the names in braces, if these pieces of a path fit; the method is not looked at.
    func parameters(of pieces: [String]) -> [String: String]? {
        guard pieces.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (piece, segment) in zip(pieces, segments) {
            switch segment {
            case .literal(let text): guard piece.utf8.elementsEqual(text.utf8) else { return nil }
            case .parameter(let name):
                guard !piece.isEmpty else { return nil }
                parameters[name] = piece
            }
        }
        return parameters
    }
}
