import CKmsEncSdk
import ClavigerCrypto

/// Much more than a key takes, so that memory without a NUL is not read for ever.
private let longestPEM = 1 << 16

/// Takes x and y (64 bytes) of an SM2 key out of its PEM `PUBLIC KEY`, which ends with NUL.
@c @implementation
public func Sm2PemChangeToPubkey(
    _ pemPubKeyInfo: UnsafeMutablePointer<UInt8>?, _ pubKey: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        guard let pemPubKeyInfo else { throw .badArgument }
        let point = try pubKey.output(size: SM2.pointSize)
        guard let count = (0..<longestPEM).first(where: { pemPubKeyInfo[$0] == 0 }) else { throw .badArgument }
        let text = UnsafeRawBufferPointer(start: pemPubKeyInfo, count: count)
        point.copyBytes(
            from: try NativeFailure.translating { () throws(CryptoError) in try SM2.point(pem: text) })
    }
}
