import ClavigerCore

extension Alibaba {
    /// What is done with keys.
    static let cryptoOperations: [AlibabaOperation] = [
        .dataPlane(Encrypt.self, .encrypt),
        .dataPlane(Decrypt.self, .decrypt),
        .dataPlane(GenerateDataKey.self, .generateDataKey),
        .dataPlane(GenerateDataKeyWithoutPlaintext.self, .generateDataKeyWithoutPlaintext),
        .dataPlane(ExportDataKey.self, .exportDataKey),
        .dataPlane(GenerateAndExportDataKey.self, .generateAndExportDataKey),
        .dataPlane(ReEncrypt.self, .reEncryptFrom),

        .dataPlane(AsymmetricSign.self, .signByAsymmetricKey),
        .dataPlane(AsymmetricVerify.self, .verifyByAsymmetricKey),
        // With SM2 the action asks for the right to that.
        .dataPlane(AsymmetricEncrypt.self, .asymmetricRsaEncrypt, or: .asymmetricSm2Encrypt),
        .dataPlane(AsymmetricDecrypt.self, .asymmetricRsaDecrypt, or: .asymmetricSm2Decrypt),
        .reading(GetPublicKey.self, .getPublicKey),
    ]
}
