extension Permission {
    /// What a call with this permission is about, and so where it is checked.
    package enum Scope: Sendable {
        /// Certain things, or one that the call makes: the service checks the permission for each.
        case each
        /// All of a kind, because the call lists them or needs none: checked before the parameters are read.
        case all(AccessResource.Kind)
    }

    package var scope: Scope { isAboutAll ? .all(resourceKind) : .each }

    private var isAboutAll: Bool {
        switch self {
        case .listKeys, .listKeyDetail, .listResourceInstances, .listTags, .generateRandom, .getRegions,
            .getServiceStatus, .listAlgorithms, .describeTSMLicenses, .getInstances, .getQuotas, .openKmsService,
            .listRetirableGrants, .getRandomPassword, .listAliases, .listSecrets, .listUsers, .listGroups,
            .listPolicies, .testPolicy, .listProjects, .getAccount, .createProject, .searchAudit, .listAccounts,
            .createAccount, .updateAccount, .getServerStatus, .sealServer:
            true
        case .createKey, .createProductKey, .describeKey, .describeKeys, .enableKey, .enableKeys, .disableKey,
            .disableKeys, .updateAlias, .updateKeyDescription, .scheduleKeyDeletion, .cancelKeyDeletion, .archiveKey,
            .cancelKeyArchive, .getKeyPolicy, .putKeyPolicy, .enableKeyRotation, .disableKeyRotation,
            .getKeyRotationStatus, .rotateKey, .updateRotationPolicy, .createKeyVersion, .describeKeyVersion,
            .listKeyVersions, .getParametersForImport, .importKeyMaterial, .deleteImportedKeyMaterial,
            .bindCloudResource, .unbindCloudResource, .createAlias, .deleteAlias, .listAliasesByKeyId, .tagResource,
            .untagResource, .listResourceTags, .batchTags, .encrypt, .decrypt, .reEncryptFrom, .reEncryptTo,
            .generateDataKey, .generateDataKeyWithoutPlaintext, .encryptDataKey, .decryptDataKey, .exportDataKey,
            .generateAndExportDataKey, .getPublicKey, .asymmetricRsaEncrypt, .asymmetricRsaDecrypt,
            .asymmetricSm2Encrypt, .asymmetricSm2Decrypt, .signByAsymmetricKey, .verifyByAsymmetricKey,
            .generateAsymmetricKeyValuePair, .createGrant, .listGrants, .retireGrant, .revokeGrant, .createSecret,
            .describeSecret, .getSecretValue, .putSecretValue, .updateSecret, .updateSecretVersionStage,
            .listSecretVersionIds, .deleteSecret, .restoreSecret, .getUser, .createUser, .updateUser, .deleteUser,
            .setPassword, .listAccessKeys, .createAccessKey, .updateAccessKey, .deleteAccessKey,
            .createTemporaryCredentials, .getGroup, .createGroup, .updateGroup, .deleteGroup, .changeGroupMembers,
            .getPolicy, .createPolicy, .updatePolicy, .deletePolicy, .attachPolicy, .deleteProject:
            false
        }
    }
}
