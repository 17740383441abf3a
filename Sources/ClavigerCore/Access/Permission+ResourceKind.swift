extension Permission {
    /// What kind of resource it is about.
    package var resourceKind: AccessResource.Kind {
        switch self {
        case .createAlias, .deleteAlias, .listAliases: .alias
        case .createSecret, .describeSecret, .listSecrets, .getSecretValue, .putSecretValue, .updateSecret,
            .updateSecretVersionStage, .listSecretVersionIds, .deleteSecret, .restoreSecret, .getRandomPassword:
            .secret
        case .createKey, .createProductKey, .listKeys, .listKeyDetail, .describeKey, .describeKeys, .enableKey,
            .enableKeys, .disableKey, .disableKeys, .updateAlias, .updateKeyDescription, .scheduleKeyDeletion,
            .cancelKeyDeletion, .archiveKey, .cancelKeyArchive, .getKeyPolicy, .putKeyPolicy, .enableKeyRotation,
            .disableKeyRotation, .getKeyRotationStatus, .rotateKey, .updateRotationPolicy, .createKeyVersion,
            .describeKeyVersion, .listKeyVersions, .getParametersForImport, .importKeyMaterial,
            .deleteImportedKeyMaterial, .bindCloudResource, .unbindCloudResource, .listAliasesByKeyId, .tagResource,
            .untagResource, .listResourceTags, .listTags, .listResourceInstances, .batchTags, .encrypt, .decrypt,
            .reEncryptFrom, .reEncryptTo, .generateDataKey, .generateDataKeyWithoutPlaintext, .encryptDataKey,
            .decryptDataKey, .exportDataKey, .generateAndExportDataKey, .generateRandom, .getPublicKey,
            .asymmetricRsaEncrypt, .asymmetricRsaDecrypt, .asymmetricSm2Encrypt,
            .asymmetricSm2Decrypt, .signByAsymmetricKey, .verifyByAsymmetricKey, .generateAsymmetricKeyValuePair,
            .createGrant, .listGrants, .listRetirableGrants, .retireGrant, .revokeGrant, .getRegions,
            .getServiceStatus, .listAlgorithms, .describeTSMLicenses, .getInstances, .getQuotas, .openKmsService:
            .key
        case .listUsers, .getUser, .createUser, .updateUser, .deleteUser, .setPassword, .listAccessKeys,
            .createAccessKey, .updateAccessKey, .deleteAccessKey, .createTemporaryCredentials:
            .user
        case .listGroups, .getGroup, .createGroup, .updateGroup, .deleteGroup, .changeGroupMembers: .group
        case .listPolicies, .getPolicy, .createPolicy, .updatePolicy, .deletePolicy, .attachPolicy, .testPolicy:
            .policy
        case .listProjects, .createProject, .deleteProject, .getAccount: .project
        case .searchAudit, .listAccounts, .createAccount, .updateAccount, .getServerStatus, .sealServer:
            .server
        }
    }
}
