package import ClavigerCore

/// What can be set of this dialect.
package struct AlibabaConfiguration: Sendable {
    /// The region that the server is, by the name that clients know.
    package let region: String
    let realm: Realm

    /// The region with this name.
    ///
    /// - Returns: `nil` if no realm has the name.
    package init?(region: String, of realms: [Realm]) {
        guard let realm = realms.first(where: { $0.alibabaNames.contains(region) }) else { return nil }
        self.region = region
        self.realm = realm
    }

    /// The first region that has a name in this dialect. If none has, the first of all, under its own name.
    ///
    /// - Parameter realms: not empty.
    package init(of realms: [Realm]) {
        realm = realms.first { !$0.alibabaNames.isEmpty } ?? realms[0]
        region = realm.alibabaNames.first ?? realm.id.name
    }
}
