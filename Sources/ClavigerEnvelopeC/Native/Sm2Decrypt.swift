import CKmsEncSdk
import ClavigerCrypto

/// Decrypts what `Sm2Encrypt` made, or `04 || C1 || C3 || C2`, or `C1 || C3 || C2`.
///
/// A ciphertext that is wrong, which C3 tells, is ES_ERROR like wrong padding, and not ES_DIGEST_INVALIDATE: that is the code of
/// signatures, and bindings say so to the caller.
@c @implementation
public func Sm2Decrypt(
    _ priKey: UnsafeMutablePointer<UInt8>?, _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ plainText: UnsafeMutablePointer<UInt8>?, _ plainTextLength: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let scalar = try priKey.input(size: SM2.scalarSize)
        let source = try source.input(count: sourceLength)
        let plaintext = try plainText.output(size: source.count)
        let plaintextLength = try plainTextLength.outputLength()
        guard source.count >= SM2.smallestCiphertext else { throw .ciphertextTooShort }
        do throws(CryptoError) {
            plaintextLength.pointee = Int32(try SM2.decrypt(source, scalar: scalar, into: plaintext))
        } catch {
            throw .badArgument
        }
    }
}
