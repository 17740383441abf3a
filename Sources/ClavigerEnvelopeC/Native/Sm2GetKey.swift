import CKmsEncSdk
import ClavigerCrypto

/// Makes an SM2 pair: x and y to `pubKey` (64 bytes), the private scalar to `priKey` (32).
@c @implementation
public func Sm2GetKey(_ pubKey: UnsafeMutablePointer<UInt8>?, _ priKey: UnsafeMutablePointer<UInt8>?) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let point = try pubKey.output(size: SM2.pointSize)
        let scalar = try priKey.output(size: SM2.scalarSize)
        try NativeFailure.translating { () throws(CryptoError) in try SM2.generate(point: point, scalar: scalar) }
    }
}
