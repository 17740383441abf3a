import CKmsEncSdk
import ClavigerCrypto

/// Checks a signature, DER or r and s in 32 bytes each, of a message under the user's name `1234567812345678`. `msg` may be NULL if it is
/// empty.
@c @implementation
public func Sm2Verify(
    _ pubKey: UnsafeMutablePointer<UInt8>?, _ sig: UnsafeMutablePointer<UInt8>?, _ sigLen: Int32,
    _ msg: UnsafeMutablePointer<UInt8>?, _ msgLen: Int32
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let point = try pubKey.input(size: SM2.pointSize)
        let signature = try sig.input(count: sigLen)
        let message = try msg.optionalInput(count: msgLen)
        try NativeFailure.translating { () throws(CryptoError) in
            try SM2.digest(of: message, point: point).withUnsafeBytes { digest throws(CryptoError) in
                try SM2.verify(signature, digest: digest, point: point)
            }
        }
    }
}

/// Checks a signature, DER or r and s in 32 bytes each, of a digest of 32 bytes as `HashForSM3WithSM2` gives it.
@c @implementation
public func Sm2VerifyWithDigest(
    _ pubKey: UnsafeMutablePointer<UInt8>?, _ sig: UnsafeMutablePointer<UInt8>?, _ sigLen: Int32,
    _ digest: UnsafeMutablePointer<UInt8>?, _ digestLen: Int32
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let point = try pubKey.input(size: SM2.pointSize)
        let signature = try sig.input(count: sigLen)
        let digest = try digest.input(count: digestLen)
        try NativeFailure.translating { () throws(CryptoError) in
            try SM2.verify(signature, digest: digest, point: point)
        }
    }
}
