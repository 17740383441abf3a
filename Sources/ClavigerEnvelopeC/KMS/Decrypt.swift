public import CKmsEncSdk
import ClavigerEnvelope

/// Decrypts a message; `plainText` has room for as many bytes as the header says, which are fewer than `sourceLength`.
@c @implementation
public func Decrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int,
    _ keyManager: UnsafeMutablePointer<CKmsEncSdk.KeyManager>?, _ header: UnsafeMutablePointer<MsgHead>?,
    _ plainText: UnsafeMutablePointer<UInt8>?, _ plainTextLength: UnsafeMutablePointer<Int>?
) -> CInt {
    guard let source, let keyManager, let header, let plainText, let plainTextLength,
        let manager = Process.manager(keyManager.pointee.handle)
    else { return ES_ERROR.rawValue }
    return result { () throws(EnvelopeError) in
        guard sourceLength >= 0 else { throw EnvelopeError(.invalidArgument, "a length is too large") }
        let incoming = try IncomingMessage(UnsafeRawBufferPointer(start: source, count: sourceLength))
        try manager.open(
            incoming, into: UnsafeMutableRawBufferPointer(start: plainText, count: incoming.plaintextLength))
        incoming.header.write(into: header)
        plainTextLength.pointee = incoming.plaintextLength
    }
}
