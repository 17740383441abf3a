import CKmsEncSdk
import ClavigerCrypto

/// Encrypts with SM4-GCM, without padding, and writes `tagLen` bytes of the tag. The key has 16 bytes; `add` may be NULL if it is empty.
@c @implementation
public func Sm4GcmEncrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ cipherText: UnsafeMutablePointer<UInt8>?, _ cipherLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?, _ ivLen: Int32,
    _ add: UnsafeMutablePointer<UInt8>?, _ addLen: Int32,
    _ tag: UnsafeMutablePointer<UInt8>?, _ tagLen: Int32
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let source = try source.input(count: sourceLength)
        let ciphertext = try cipherText.output(size: source.count)
        let ciphertextLength = try cipherLength.outputLength()
        let key = try key.input(size: SM4GCM.keySize)
        let iv = try iv.input(count: ivLen)
        let associated = try add.optionalInput(count: addLen)
        let tag = try tag.output(count: tagLen)
        guard !source.isEmpty else { throw .emptySource }
        try checkSizes(iv: iv.count, tag: tag.count)
        SM4GCM.Key(key).seal(source, iv: iv, authenticating: associated, into: ciphertext, tag: tag)
        ciphertextLength.pointee = sourceLength
    }
}

/// Decrypts what `Sm4GcmEncrypt` made. If the tag is wrong nothing is written. An empty text is let through, if its tag is right.
@c @implementation
public func Sm4GcmDecrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ plainText: UnsafeMutablePointer<UInt8>?, _ plainTextLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?, _ ivLen: Int32,
    _ add: UnsafeMutablePointer<UInt8>?, _ addLen: Int32,
    _ tag: UnsafeMutablePointer<UInt8>?, _ tagLen: Int32
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let source = try source.input(count: sourceLength)
        let plaintext = try plainText.output(size: source.count)
        let plaintextLength = try plainTextLength.outputLength()
        let key = try key.input(size: SM4GCM.keySize)
        let iv = try iv.input(count: ivLen)
        let associated = try add.optionalInput(count: addLen)
        let tag = try tag.input(count: tagLen)
        try checkSizes(iv: iv.count, tag: tag.count)
        try NativeFailure.translating { () throws(CryptoError) in
            try SM4GCM.Key(key).open(source, iv: iv, authenticating: associated, tag: tag, into: plaintext)
        }
        plaintextLength.pointee = sourceLength
    }
}

/// Tags may be cut to the sizes of NIST SP 800-38D section 5.2.1.2.
private func checkSizes(iv: Int, tag: Int) throws(NativeFailure) {
    guard 1...65535 ~= iv, tag == 4 || tag == 8 || 12...16 ~= tag else { throw .badArgument }
}
