import CKmsEncSdk
import ClavigerEnvelope

/// Adds a master key to a list, the fifth at most; what cannot be added leaves the list as it was.
@c @implementation
public func AddMasterKey(
    _ masterKeys: UnsafeMutablePointer<CChar>?, _ cmkRegion: UnsafeMutablePointer<CChar>?,
    _ cmkKeyId: UnsafeMutablePointer<CChar>?
) -> CInt {
    guard let masterKeys, let cmkRegion, let cmkKeyId else { return ES_ERROR.rawValue }
    return result { () throws(EnvelopeError) in
        let keys = try MasterKeyList.parse(masterKeys)
        let key = try MasterKeyList.key(region: cmkRegion, keyID: cmkKeyId)
        guard keys.count < MasterKey.maximumCount else {
            throw EnvelopeError(.invalidArgument, "a message has at most \(MasterKey.maximumCount) master keys")
        }
        MasterKeyList.write(keys + [key], into: masterKeys)
    }
}
