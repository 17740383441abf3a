import ClavigerCore

/// Where the material of a key is worked with.
enum ProtectionLevel: String, CaseIterable, Sendable {
    case software = "SOFTWARE"
    /// There is no such device here.
    case hsm = "HSM"

    static let choices = allCases.map { ($0.rawValue, $0) }
}
