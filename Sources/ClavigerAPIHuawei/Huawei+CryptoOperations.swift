import ClavigerCore

extension Huawei {
    /// What is done with keys: random bytes, data keys, small data, rotation, grants, signatures.
    static let cryptoOperations: [HuaweiOperation] = [
        .dataPlane(GenRandom.self, .generateRandom),
        .dataPlane(CreateDatakey.self, .generateDataKey),
        .dataPlane(CreateDatakeyWithoutPlaintext.self, .generateDataKeyWithoutPlaintext),
        .dataPlane(EncryptDatakey.self, .encryptDataKey),
        .dataPlane(DecryptDatakey.self, .decryptDataKey),
        .dataPlane(EncryptData.self, .encrypt),
        .dataPlane(DecryptData.self, .decrypt),

        .management(EnableKeyRotation.self, .enableKeyRotation),
        .management(DisableKeyRotation.self, .disableKeyRotation),
        .management(UpdateKeyRotationInterval.self, .updateRotationPolicy),
        .management(GetKeyRotationStatus.self, .getKeyRotationStatus),
        .management(RotateOnDemand.self, .rotateKey),

        .management(CreateGrant.self, .createGrant),
        .dataPlane(ListGrants.self, .listGrants),
        .management(ListRetirableGrants.self, .listRetirableGrants),
        .management(RevokeGrant.self, .revokeGrant),
        .management(RetireGrant.self, .retireGrant),

        .dataPlane(Sign.self, .signByAsymmetricKey),
        .dataPlane(Verify.self, .verifyByAsymmetricKey),
        .dataPlane(GetPublicKey.self, .getPublicKey),
    ]
}
