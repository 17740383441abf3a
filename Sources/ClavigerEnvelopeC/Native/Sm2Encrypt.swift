import CKmsEncSdk
import ClavigerCrypto

/// Encrypts to an SM2 public key: DER of x, y, C3 and C2, at most `sourceLength + 128` bytes.
@c @implementation
public func Sm2Encrypt(
    _ pubKey: UnsafeMutablePointer<UInt8>?, _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ cipherText: UnsafeMutablePointer<UInt8>?, _ cipherLength: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let point = try pubKey.input(size: SM2.pointSize)
        let source = try source.input(count: sourceLength)
        let ciphertext = try cipherText.output(size: source.count + SM2.ciphertextOverhead)
        let ciphertextLength = try cipherLength.outputLength()
        guard !source.isEmpty else { throw .emptySource }
        // No length could be told of what might be longer.
        guard ciphertext.count <= Int32.max else { throw .badArgument }
        let size = try NativeFailure.translating { () throws(CryptoError) in
            try SM2.encrypt(source, point: point, into: ciphertext)
        }
        ciphertextLength.pointee = Int32(size)
    }
}
