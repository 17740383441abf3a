import ClavigerCore
import ClavigerCrypto

/// Which data key a call wants to have made.
struct NewDataKey: Sendable {
    /// Under which it will be encrypted.
    let key: AlibabaKeyName

    /// Bytes.
    let size: Int
    let context: EncryptionContext

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        size = try values.newDataKeySize()
        context = try values.encryptionContext()
    }

    func make(under key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> DataKey {
        try call.kms.generateDataKey(size, under: key, context: context, as: call.caller)
    }
}
