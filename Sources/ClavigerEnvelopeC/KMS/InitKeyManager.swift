public import CKmsEncSdk
import ClavigerEnvelope

/// Makes a manager with empty caches and lets the struct name it, whatever the struct held. The KMS is not asked.
@c @implementation
public func InitKeyManager(
    _ keyManager: UnsafeMutablePointer<CKmsEncSdk.KeyManager>?, _ masterKeys: UnsafeMutablePointer<CChar>?,
    _ msgCount: CInt, _ enExpiretime: CInt, _ deExpiretime: CInt, _ secretId: UnsafeMutablePointer<CChar>?,
    _ secretKey: UnsafeMutablePointer<CChar>?
) -> CInt {
    guard let keyManager, let masterKeys, let secretId, let secretKey else { return ES_ERROR.rawValue }
    return result { () throws(EnvelopeError) in
        // The list is only checked: the one that Encrypt is given counts.
        _ = try MasterKeyList.parse(masterKeys)
        let limits = try DataKeyLimits(
            messagesPerKey: Int(msgCount), encryptionSeconds: Int(enExpiretime), decryptionSeconds: Int(deExpiretime))
        let credentials = try credentials(secretId, secretKey)
        let service = KMSService { () throws(EnvelopeError) in try Process.currentAddress() }
        let manager = ClavigerEnvelope.KeyManager(
            dataKeys: DataKeys(credentials: credentials, limits: limits, service: service))
        // What the struct named before stays, since copies of it may be in use, but starts anew as well.
        Process.manager(keyManager.pointee.handle)?.wipeCaches()
        // The credentials in the struct are the caller's.
        keyManager.pointee.msgCount = msgCount
        keyManager.pointee.enExpiretime = enExpiretime
        keyManager.pointee.deExpiretime = deExpiretime
        keyManager.pointee.reserved0 = 0
        keyManager.pointee.reserved = (0, 0, 0, 0)
        keyManager.pointee.handle = Process.keep(manager)
    }
}
