import ClavigerCore

extension Alibaba {
    /// The names of keys.
    static let aliasOperations: [AlibabaOperation] = [
        .management(CreateAlias.self, .createAlias),
        .management(UpdateAlias.self, .updateAlias),
        .management(DeleteAlias.self, .deleteAlias),
        .reading(ListAliases.self, .listAliases),
        .dataPlane(ListAliasesByKeyId.self, .listAliasesByKeyId),
    ]
}
