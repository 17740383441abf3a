import ArgumentParser

/// The states that a list of keys can be narrowed to, by their numbers in ListKeyDetail.
enum KeyStateFilter: Int, CaseIterable, ExpressibleByArgument {
    case enabled = 1, disabled, pendingDeletion, pendingImport, archived

    init?(argument: String) {
        guard let state = Self.allCases.first(where: { $0.defaultValueDescription == argument.lowercased() }) else {
            return nil
        }
        self = state
    }

    var defaultValueDescription: String {
        switch self {
        case .enabled: "enabled"
        case .disabled: "disabled"
        case .pendingDeletion: "pending-deletion"
        case .pendingImport: "pending-import"
        case .archived: "archived"
        }
    }

    static var allValueStrings: [String] { allCases.map(\.defaultValueDescription) }
}
