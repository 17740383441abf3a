import CKmsEncSdk
import ClavigerCrypto

/// Encrypts with SM4-CBC and PKCS#7: `sourceLength / 16 * 16 + 16` bytes. Key and IV have 16 bytes.
@c @implementation
public func Sm4CbcEncrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ cipherText: UnsafeMutablePointer<UInt8>?, _ cipherLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let source = try source.input(count: sourceLength)
        let ciphertext = try cipherText.output(size: PKCS7Padding.paddedSize(source))
        let ciphertextLength = try cipherLength.outputLength()
        let key = try key.input(size: SM4.keySize)
        let iv = try iv.input(size: SM4.blockSize)
        guard !source.isEmpty else { throw .emptySource }
        guard let size = Int32(exactly: ciphertext.count) else { throw .badArgument }
        let cipher = SM4(key: key)
        withChain(iv) { chain, block in
            let whole = PKCS7Padding.wholeSize(source)
            cipher.encryptCBC(UnsafeRawBufferPointer(rebasing: source[..<whole]), iv: chain, into: ciphertext)
            PKCS7Padding.lastBlock(of: source, into: block)
            cipher.encryptCBC(
                UnsafeRawBufferPointer(block), iv: chain,
                into: UnsafeMutableRawBufferPointer(rebasing: ciphertext[whole...]))
        }
        ciphertextLength.pointee = size
    }
}

/// Decrypts what `Sm4CbcEncrypt` made. If the padding is wrong nothing is written.
@c @implementation
public func Sm4CbcDecrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ plainText: UnsafeMutablePointer<UInt8>?, _ plainTextLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let source = try source.input(count: sourceLength)
        let plaintext = try plainText.output(size: source.count)
        let plaintextLength = try plainTextLength.outputLength()
        let key = try key.input(size: SM4.keySize)
        let iv = try iv.input(size: SM4.blockSize)
        guard !source.isEmpty, source.count % SM4.blockSize == 0 else { throw .badArgument }
        let cipher = SM4(key: key)
        let last = source.count - SM4.blockSize
        let previous = last == 0 ? iv : UnsafeRawBufferPointer(rebasing: source[(last - SM4.blockSize)..<last])
        let rest = try withChain(previous) { chain, block throws(NativeFailure) in
            // The last block first: it tells whether the others are to be written at all.
            cipher.decryptCBC(UnsafeRawBufferPointer(rebasing: source[last...]), iv: chain, into: block)
            let rest = try PKCS7Padding.textSize(inLast: UnsafeRawBufferPointer(block))
            chain.copyMemory(from: iv)
            cipher.decryptCBC(UnsafeRawBufferPointer(rebasing: source[..<last]), iv: chain, into: plaintext)
            UnsafeMutableRawBufferPointer(rebasing: plaintext[last...]).copyBytes(from: block[..<rest])
            return rest
        }
        plaintextLength.pointee = Int32(last + rest)
    }
}

/// Gives `body` a copy of the IV, since the caller's is not written to, and room for a block, which are wiped afterwards.
private func withChain<Result, Failure: Error>(
    _ iv: UnsafeRawBufferPointer,
    _ body: (
        _ chain: UnsafeMutableRawBufferPointer, _ block: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> Result
) throws(Failure) -> Result {
    try withTemporarySecret(2 * SM4.blockSize) { memory throws(Failure) in
        let chain = UnsafeMutableRawBufferPointer(rebasing: memory[..<SM4.blockSize])
        chain.copyMemory(from: iv)
        return try body(chain, UnsafeMutableRawBufferPointer(rebasing: memory[SM4.blockSize...]))
    }
}
