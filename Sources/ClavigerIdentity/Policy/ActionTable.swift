import ClavigerCore

/// The names that a policy language has for permissions.
struct ActionTable: Sendable {
    struct Entry: Sendable {
        /// As it is written in policies, such as `name/kms:Encrypt`.
        let name: String
        let permissions: PermissionSet

        /// Its parts in lower case, without what the language puts before all names.
        fileprivate let parts: [[UInt8]]
    }

    let entries: [Entry]

    /// By the name in lower case, without what stands before all names.
    private let exact: [String: Entry]

    /// What stands before all names, and may be left out.
    private let prefix: String

    /// How many parts a name has.
    private let depth: Int
    private let wildcards: Glob.Wildcards
    private let names: [String]

    /// - Parameters:
    ///   - names: the name of each permission; several can share one, which then stands for all of them.
    ///   - aliases: further names, and the permissions that they stand for.
    init(
        prefix: String = "", depth: Int, wildcards: Glob.Wildcards, names: (Permission) -> String,
        aliases: [(name: String, permissions: [Permission])] = []
    ) {
        self.prefix = prefix
        self.depth = depth
        self.wildcards = wildcards
        self.names = Permission.allCases.map { prefix + names($0) }
        var order: [String] = []
        var permissions: [String: PermissionSet] = [:]
        let all = Permission.allCases.map { (names($0), [$0]) } + aliases
        for (name, added) in all {
            if permissions[name] == nil { order.append(name) }
            permissions[name] = (permissions[name] ?? PermissionSet([])).union(PermissionSet(added))
        }
        entries = order.map { name in
            Entry(
                name: prefix + name, permissions: permissions[name] ?? PermissionSet([]),
                parts: name.lowercased().split(separator: ":").map { Array($0.utf8) })
        }
        exact = Dictionary(uniqueKeysWithValues: zip(order.map { $0.lowercased() }, entries))
    }

    func name(of permission: Permission) -> String { names[Int(permission.rawValue)] }

    /// What one name stands for.
    func permissions(named text: String) -> PermissionSet? { exact[bare(text)]?.permissions }

    /// What all names that a pattern fits stand for; `nil` if it fits none. Case does not matter.
    func permissions(fitting text: String) -> PermissionSet? {
        let bare = bare(text)
        if let entry = exact[bare] { return entry.permissions }
        guard Glob.isPattern(bare, wildcards) else { return nil }
        if bare == "*", depth == 2 { return .all }
        let patterns = bare.split(separator: ":", omittingEmptySubsequences: false).map { Glob($0.utf8, wildcards) }
        guard patterns.count == depth else { return nil }
        var union = PermissionSet([])
        // The last parts differ most.
        for entry in entries where patterns.indices.reversed().allSatisfy({ patterns[$0].matches(entry.parts[$0]) }) {
            union = union.union(entry.permissions)
        }
        return union.isEmpty ? nil : union
    }

    /// In lower case, without what stands before all names.
    private func bare(_ text: String) -> String {
        let text = text.lowercased()
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }

    /// What was probably meant by a name or pattern that fits nothing.
    func suggestion(for text: String) -> String? {
        // `kms>ListKey`, `kms.ListKey`, `kms::ListKey`: what stands between the words is wrong, and the words may be
        // right.
        let bare = text.lowercased().hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]
        let words = bare.split { !$0.isLetter && !$0.isNumber && $0 != "*" && $0 != "?" }.map(String.init)
        var candidates = [words.joined(separator: ":")]
        if words.count < depth, let last = words.last {
            let isService = Permission.Service(rawValue: words[0]) != nil
            if last == "*" || isService {
                candidates.append((words + Array(repeating: "*", count: depth - words.count)).joined(separator: ":"))
            }
        }
        for candidate in candidates where permissions(fitting: candidate) != nil {
            return exact[candidate.lowercased()]?.name ?? prefix + candidate
        }
        if words.count == 1 {
            let word = Array(words[0].lowercased().utf8)
            if let entry = entries.first(where: { $0.parts.last == word }) { return entry.name }
        }
        return EditDistance.nearest(to: candidates[0], in: exact.keys).flatMap { exact[$0]?.name }
    }
}
