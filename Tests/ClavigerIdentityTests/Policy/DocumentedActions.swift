import ClavigerCore
import Foundation

/// The tables of actions in docs/policies.md: what the users of Claviger were told.
struct DocumentedActions: Sendable {
    /// What each name stands for, by language.
    let names: [PolicyLanguage: [String: Set<Permission>]]

    /// The names that reach each permission, by language.
    let reaching: [PolicyLanguage: [Permission: [String]]]

    /// The names in the table of all permissions, by language.
    let rows: [(permission: Permission, names: [PolicyLanguage: String])]

    /// The example policies.
    let examples: [String]

    static let page = DocumentedActions()

    private init() {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/policies.md")
        let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        let permissions = Dictionary(uniqueKeysWithValues: Permission.allCases.map { ($0.name, $0) })
        let languages: [String: PolicyLanguage] = ["CAM": .tencent, "RAM": .alibaba, "IAM": .huawei]
        var names: [PolicyLanguage: [String: Set<Permission>]] = [:]
        var rows: [(permission: Permission, names: [PolicyLanguage: String])] = []
        for line in text.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let codes = cells.map { Self.codes($0) }
            if cells.count == 4, let permission = codes[0].first.flatMap({ permissions[$0] }) {
                let own: [PolicyLanguage: String] = [
                    .tencent: codes[1][0], .alibaba: codes[2][0], .huawei: codes[3][0],
                ]
                rows.append((permission, own))
                for (language, name) in own { names[language, default: [:]][name, default: []].insert(permission) }
            } else if cells.count == 3, let language = languages[cells[0]], let name = codes[1].first {
                names[language, default: [:]][name, default: []].formUnion(codes[2].compactMap { permissions[$0] })
            }
        }
        self.names = names
        let blocks = text.components(separatedBy: "```json\n").dropFirst()
        examples = blocks.map { $0.components(separatedBy: "```")[0] }
        reaching = names.mapValues { names in
            var reaching: [Permission: [String]] = [:]
            for (name, permissions) in names.sorted(by: { $0.key < $1.key }) {
                for permission in permissions { reaching[permission, default: []].append(name) }
            }
            return reaching
        }
        self.rows = rows
    }

    /// What stands between backquotes.
    private static func codes(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
