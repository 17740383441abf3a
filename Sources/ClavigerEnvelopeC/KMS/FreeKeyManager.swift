public import CKmsEncSdk
import ClavigerEnvelope

/// Wipes the data keys of a manager, which is gone then for every copy of the struct. Calls that are under way end as they would.
@c @implementation
public func FreeKeyManager(_ keyManager: UnsafeMutablePointer<CKmsEncSdk.KeyManager>?) -> CInt {
    guard let keyManager, let manager = Process.forget(keyManager.pointee.handle) else { return ES_ERROR.rawValue }
    manager.wipeCaches()
    keyManager.pointee.handle = 0
    return ES_OK.rawValue
}
