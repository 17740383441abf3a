import ClavigerCore

extension Alibaba {
    /// What administers keys, their versions, material and tags.
    static let keyOperations: [AlibabaOperation] = [
        // Keys
        .management(CreateKey.self, .createKey),
        .dataPlane(DescribeKey.self, .describeKey),
        .reading(ListKeys.self, .listKeys),
        .management(EnableKey.self, .enableKey),
        .management(DisableKey.self, .disableKey),
        .management(ScheduleKeyDeletion.self, .scheduleKeyDeletion),
        .management(CancelKeyDeletion.self, .cancelKeyDeletion),
        .management(UpdateKeyDescription.self, .updateKeyDescription),

        // Imported material
        .management(GetParametersForImport.self, .getParametersForImport),
        .management(ImportKeyMaterial.self, .importKeyMaterial),
        .management(DeleteKeyMaterial.self, .deleteImportedKeyMaterial),

        // Versions
        .management(CreateKeyVersion.self, .createKeyVersion),
        .reading(DescribeKeyVersion.self, .describeKeyVersion),
        .reading(ListKeyVersions.self, .listKeyVersions),
        .management(UpdateRotationPolicy.self, .updateRotationPolicy),

        // Tags
        .management(TagResource.self, .tagResource),
        .management(UntagResource.self, .untagResource),
        .dataPlane(ListResourceTags.self, .listResourceTags),
    ]
}
