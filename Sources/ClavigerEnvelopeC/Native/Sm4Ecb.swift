import CKmsEncSdk
import ClavigerCrypto

/// Encrypts with SM4-ECB and PKCS#7: `sourceLength / 16 * 16 + 16` bytes. The key has 16 bytes.
@c @implementation
public func Sm4EcbEncrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ cipherText: UnsafeMutablePointer<UInt8>?, _ cipherLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let source = try source.input(count: sourceLength)
        let ciphertext = try cipherText.output(size: PKCS7Padding.paddedSize(source))
        let ciphertextLength = try cipherLength.outputLength()
        let key = try key.input(size: SM4.keySize)
        guard !source.isEmpty else { throw .emptySource }
        guard let size = Int32(exactly: ciphertext.count) else { throw .badArgument }
        let cipher = SM4(key: key)
        let whole = PKCS7Padding.wholeSize(source)
        cipher.encryptECB(UnsafeRawBufferPointer(rebasing: source[..<whole]), into: ciphertext)
        withTemporarySecret(SM4.blockSize) { block in
            PKCS7Padding.lastBlock(of: source, into: block)
            cipher.encryptECB(
                UnsafeRawBufferPointer(block), into: UnsafeMutableRawBufferPointer(rebasing: ciphertext[whole...]))
        }
        ciphertextLength.pointee = size
    }
}

/// Decrypts what `Sm4EcbEncrypt` made. If the padding is wrong nothing is written.
@c @implementation
public func Sm4EcbDecrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ plainText: UnsafeMutablePointer<UInt8>?, _ plainTextLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let source = try source.input(count: sourceLength)
        let plaintext = try plainText.output(size: source.count)
        let plaintextLength = try plainTextLength.outputLength()
        let key = try key.input(size: SM4.keySize)
        guard !source.isEmpty, source.count % SM4.blockSize == 0 else { throw .badArgument }
        let cipher = SM4(key: key)
        let last = source.count - SM4.blockSize
        let rest = try withTemporarySecret(SM4.blockSize) { block throws(NativeFailure) in
            // The last block first: it tells whether the others are to be written at all.
            cipher.decryptECB(UnsafeRawBufferPointer(rebasing: source[last...]), into: block)
            let rest = try PKCS7Padding.textSize(inLast: UnsafeRawBufferPointer(block))
            cipher.decryptECB(UnsafeRawBufferPointer(rebasing: source[..<last]), into: plaintext)
            UnsafeMutableRawBufferPointer(rebasing: plaintext[last...]).copyBytes(from: block[..<rest])
            return rest
        }
        plaintextLength.pointee = Int32(last + rest)
    }
}
