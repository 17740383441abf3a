/// A set of kinds of resources: one bit each.
package struct ResourceKinds: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package init(_ kind: AccessResource.Kind) { self.init(rawValue: kind.bit) }

    package init(_ service: Permission.Service) {
        self.init(AccessResource.Kind.allCases.filter { $0.service == service }.map { ResourceKinds($0) })
    }

    package func contains(_ kind: AccessResource.Kind) -> Bool { rawValue & kind.bit != 0 }

    package static let all = ResourceKinds(AccessResource.Kind.allCases.map { ResourceKinds($0) })
}

extension AccessResource.Kind {
    /// In whose names policies speak of it.
    package var service: Permission.Service {
        switch self {
        case .key, .alias, .secret: .kms
        case .user, .group, .policy, .project, .server: .claviger
        }
    }

    /// Whether it belongs to a region.
    package var isRegional: Bool { service == .kms }

    fileprivate var bit: UInt8 {
        switch self {
        case .key: 1
        case .alias: 2
        case .secret: 4
        case .user: 8
        case .group: 16
        case .policy: 32
        case .project: 64
        case .server: 128
        }
    }
}
