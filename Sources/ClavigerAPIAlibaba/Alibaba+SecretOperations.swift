import ClavigerCore

extension Alibaba {
    /// Secrets.
    static let secretOperations: [AlibabaOperation] = [
        .management(CreateSecret.self, .createSecret),
        .reading(DescribeSecret.self, .describeSecret),
        .reading(ListSecrets.self, .listSecrets),
        .management(DeleteSecret.self, .deleteSecret),
        .management(RestoreSecret.self, .restoreSecret),
        .management(UpdateSecret.self, .updateSecret),

        .reading(GetSecretValue.self, .getSecretValue),
        .management(PutSecretValue.self, .putSecretValue),
        .management(UpdateSecretVersionStage.self, .updateSecretVersionStage),
        .reading(ListSecretVersionIds.self, .listSecretVersionIds),

        .dataPlane(GetRandomPassword.self, .getRandomPassword),
    ]
}
