import CKmsEncSdk
import ClavigerCrypto

/// Computes the SM3 hash, 32 bytes. `data` may be NULL if it is empty.
@c @implementation
public func Sm3Digest(
    _ data: UnsafeMutablePointer<UInt8>?, _ dataLen: Int32,
    _ digest: UnsafeMutablePointer<UInt8>?, _ digestLen: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let data = try data.optionalInput(count: dataLen)
        let output = try digest.output(size: Digest32.size)
        let outputLength = try digestLen.outputLength()
        SM3.hash(data).withUnsafeBytes { output.copyMemory(from: $0) }
        outputLength.pointee = Int32(Digest32.size)
    }
}
