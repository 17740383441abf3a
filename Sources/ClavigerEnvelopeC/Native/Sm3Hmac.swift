import CKmsEncSdk
import ClavigerCrypto

/// Computes HMAC-SM3, 32 bytes, under a key of at least one byte. `data` may be NULL if it is empty.
@c @implementation
public func Sm3Hmac(
    _ data: UnsafeMutablePointer<UInt8>?, _ dataLen: Int32,
    _ hmacKey: UnsafeMutablePointer<UInt8>?, _ keyLen: Int32,
    _ hmac: UnsafeMutablePointer<UInt8>?, _ hmacLen: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let data = try data.optionalInput(count: dataLen)
        let keyBytes = try hmacKey.input(count: keyLen)
        let output = try hmac.output(size: Digest32.size)
        let outputLength = try hmacLen.outputLength()
        guard !keyBytes.isEmpty else { throw .badArgument }
        var key = HMACSM3(key: keyBytes)
        defer { key.wipe() }
        key.code(for: data).withUnsafeBytes { output.copyMemory(from: $0) }
        outputLength.pointee = Int32(Digest32.size)
    }
}
