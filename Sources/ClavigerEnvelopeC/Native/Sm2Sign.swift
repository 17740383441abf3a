import CKmsEncSdk
import ClavigerCrypto

/// Signs a message under the user's name `1234567812345678`: DER of r and s, at most 72 bytes. `msg` may be NULL if it is empty. That
/// the keys belong together is not checked.
@c @implementation
public func Sm2Sign(
    _ pubKey: UnsafeMutablePointer<UInt8>?, _ priKey: UnsafeMutablePointer<UInt8>?,
    _ msg: UnsafeMutablePointer<UInt8>?, _ msgLen: Int32,
    _ sig: UnsafeMutablePointer<UInt8>?, _ sigLen: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let point = try pubKey.input(size: SM2.pointSize)
        let scalar = try priKey.input(size: SM2.scalarSize)
        let message = try msg.optionalInput(count: msgLen)
        let signature = try sig.output(size: SM2.largestSignature)
        let signatureLength = try sigLen.outputLength()
        let size = try NativeFailure.translating { () throws(CryptoError) in
            try SM2.digest(of: message, point: point).withUnsafeBytes { digest throws(CryptoError) in
                try SM2.sign(digest: digest, scalar: scalar, point: point, into: signature)
            }
        }
        signatureLength.pointee = Int32(size)
    }
}

/// Signs a digest of 32 bytes as `HashForSM3WithSM2` gives it: DER of r and s, at most 72 bytes. That the keys belong together is not
/// checked.
@c @implementation
public func Sm2SignWithDigest(
    _ pubKey: UnsafeMutablePointer<UInt8>?, _ priKey: UnsafeMutablePointer<UInt8>?,
    _ digest: UnsafeMutablePointer<UInt8>?, _ digestLen: Int32,
    _ sig: UnsafeMutablePointer<UInt8>?, _ sigLen: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let point = try pubKey.input(size: SM2.pointSize)
        let scalar = try priKey.input(size: SM2.scalarSize)
        let digest = try digest.input(count: digestLen)
        let signature = try sig.output(size: SM2.largestSignature)
        let signatureLength = try sigLen.outputLength()
        let size = try NativeFailure.translating { () throws(CryptoError) in
            try SM2.sign(digest: digest, scalar: scalar, point: point, into: signature)
        }
        signatureLength.pointee = Int32(size)
    }
}
