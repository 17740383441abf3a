import ClavigerCore

extension Huawei {
    /// The actions that administer keys, their material and their tags.
    static let keyOperations: [HuaweiOperation] = [
        // Keys
        .management(CreateKey.self, .createKey),
        .management(EnableKey.self, .enableKey),
        .management(DisableKey.self, .disableKey),
        .management(ScheduleKeyDeletion.self, .scheduleKeyDeletion),
        .management(CancelKeyDeletion.self, .cancelKeyDeletion),
        .management(ListKeys.self, .listKeyDetail),
        .dataPlane(DescribeKey.self, .describeKey),
        .management(UpdateKeyAlias.self, .updateAlias),
        .management(UpdateKeyDescription.self, .updateKeyDescription),
        .management(ShowUserInstances.self, .getInstances),
        .management(ShowUserQuotas.self, .getQuotas),

        // Imported material
        .management(GetParametersForImport.self, .getParametersForImport),
        .management(ImportKeyMaterial.self, .importKeyMaterial),
        .management(DeleteImportedKeyMaterial.self, .deleteImportedKeyMaterial),

        // Tags
        .management(ListKMSByTags.self, .listResourceInstances),
        .dataPlane(ShowKMSTags.self, .listResourceTags),
        .management(ListKMSTags.self, .listTags),
        .management(BatchKMSTags.self, .batchTags),
        .management(CreateKMSTag.self, .tagResource),
        .management(DeleteTag.self, .untagResource),
    ]
}
