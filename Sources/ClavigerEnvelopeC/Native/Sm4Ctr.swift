import CKmsEncSdk
import ClavigerCrypto

/// Encrypts with SM4-CTR, without padding. Key and first counter block have 16 bytes; all 128 bits count.
@c @implementation
public func Sm4CtrEncrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ cipherText: UnsafeMutablePointer<UInt8>?, _ cipherLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let texts = try CounterTexts(source, sourceLength, cipherText, cipherLength, key, iv)
        guard !texts.input.isEmpty else { throw .emptySource }
        texts.crypt()
    }
}

/// Decrypts what `Sm4CtrEncrypt` made. Nothing decrypts to nothing.
@c @implementation
public func Sm4CtrDecrypt(
    _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
    _ plainText: UnsafeMutablePointer<UInt8>?, _ plainTextLength: UnsafeMutablePointer<Int32>?,
    _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        try CounterTexts(source, sourceLength, plainText, plainTextLength, key, iv).crypt()
    }
}

/// The arguments of both, which do the same.
private struct CounterTexts {
    let input: UnsafeRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private let outputLength: UnsafeMutablePointer<Int32>
    private let key: UnsafeRawBufferPointer
    private let iv: UnsafeRawBufferPointer

    init(
        _ source: UnsafeMutablePointer<UInt8>?, _ sourceLength: Int32,
        _ target: UnsafeMutablePointer<UInt8>?, _ targetLength: UnsafeMutablePointer<Int32>?,
        _ key: UnsafeMutablePointer<UInt8>?, _ iv: UnsafeMutablePointer<UInt8>?
    ) throws(NativeFailure) {
        input = try source.input(count: sourceLength)
        output = try target.output(size: input.count)
        outputLength = try targetLength.outputLength()
        self.key = try key.input(size: SM4.keySize)
        self.iv = try iv.input(size: SM4.blockSize)
    }

    func crypt() {
        let cipher = SM4(key: key)
        // The caller's first block is not written to.
        withTemporarySecret(SM4.blockSize) { counter in
            counter.copyMemory(from: iv)
            cipher.cryptCTR(input, counter: counter, into: output)
        }
        outputLength.pointee = Int32(input.count)
    }
}
