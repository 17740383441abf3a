public import CKmsEncSdk
import ClavigerEnvelope

/// Encrypts `sourceLength` bytes into a message; `cipher` has room for `sourceLength + 16 * chunks + 16384` bytes.
@c @implementation
public func Encrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int,
    _ keyManager: UnsafeMutablePointer<CKmsEncSdk.KeyManager>?, _ masterKeys: UnsafeMutablePointer<CChar>?,
    _ algorithm: CKmsEncSdk.Algorithm, _ encryptionContext: UnsafeMutablePointer<UInt8>?, _ blockSize: Int,
    _ header: UnsafeMutablePointer<MsgHead>?, _ cipher: UnsafeMutablePointer<UInt8>?,
    _ cipherLength: UnsafeMutablePointer<Int>?
) -> CInt {
    guard let source, let keyManager, let masterKeys, let header, let cipher, let cipherLength else {
        return ES_ERROR.rawValue
    }
    return result { () throws(EnvelopeError) in
        // size_t is Swift's Int: what is negative would be more than half of all memory.
        guard sourceLength >= 0 else { throw EnvelopeError(.invalidArgument, "a length is too large") }
        guard sourceLength > 0 else { throw EnvelopeError(.emptySource, "there is nothing to encrypt") }
        guard let number = UInt8(exactly: algorithm.rawValue), let algorithm = EnvelopeAlgorithm(rawValue: number)
        else { throw EnvelopeError(.unknownAlgorithm, "there is no such algorithm") }
        let keys = try MasterKeyList.parse(masterKeys)
        let context: String
        if let encryptionContext {
            guard let text = CText.read(encryptionContext, maximum: ClavigerEnvelope.KeyManager.maximumContextSize)
            else { throw EnvelopeError(.invalidArgument, "an encryption context has at most 2048 bytes of UTF-8") }
            context = text
        } else {
            context = ""
        }
        guard let manager = Process.manager(keyManager.pointee.handle) else {
            throw EnvelopeError(.invalidArgument, "the struct names no manager")
        }
        let outgoing = try manager.begin(
            length: UInt64(sourceLength), under: keys, algorithm: algorithm, context: context,
            blockSize: blockSize < 0 ? .max : blockSize)
        let size = try outgoing.size
        outgoing.write(
            UnsafeRawBufferPointer(start: source, count: sourceLength),
            into: UnsafeMutableRawBufferPointer(start: cipher, count: size))
        outgoing.header.write(into: header)
        cipherLength.pointee = size
    }
}
