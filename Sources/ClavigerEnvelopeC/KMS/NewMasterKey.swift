import CKmsEncSdk
import ClavigerEnvelope

/// Begins a list of master keys in a buffer of at least 512 bytes, whatever it holds.
@c @implementation
public func NewMasterKey(
    _ masterKeys: UnsafeMutablePointer<CChar>?, _ cmkRegion: UnsafeMutablePointer<CChar>?,
    _ cmkKeyId: UnsafeMutablePointer<CChar>?
) -> CInt {
    guard let masterKeys, let cmkRegion, let cmkKeyId else { return ES_ERROR.rawValue }
    return result { () throws(EnvelopeError) in
        MasterKeyList.write([try MasterKeyList.key(region: cmkRegion, keyID: cmkKeyId)], into: masterKeys)
    }
}
