import CKmsEncSdk
import ClavigerCrypto

/// Computes what SM2 signs for a message: `SM3(Z || msg)`, 32 bytes, with the Z of the user's name `id` (1 to 8191 bytes) and the public
/// key. `msg` may be NULL if it is empty.
@c @implementation
public func HashForSM3WithSM2(
    _ msg: UnsafeMutablePointer<UInt8>?, _ msgLen: Int32, _ pubKey: UnsafeMutablePointer<UInt8>?,
    _ id: UnsafeMutablePointer<UInt8>?, _ idLen: Int32, _ digest: UnsafeMutablePointer<UInt8>?,
    _ digestLen: UnsafeMutablePointer<Int32>?
) -> Int32 {
    NativeFailure.result { () throws(NativeFailure) in
        let message = try msg.optionalInput(count: msgLen)
        let point = try pubKey.input(size: SM2.pointSize)
        let userID = try id.input(count: idLen)
        let output = try digest.output(size: Digest32.size)
        let outputLength = try digestLen.outputLength()
        guard !userID.isEmpty else { throw .badArgument }
        let made = try NativeFailure.translating { () throws(CryptoError) in
            try SM2.digest(of: message, userID: userID, point: point)
        }
        made.withUnsafeBytes { output.copyMemory(from: $0) }
        outputLength.pointee = Int32(Digest32.size)
    }
}

extension SM2 {
    /// What is signed for a message by a user who has no name of their own.
    static func digest(of message: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer)
        throws(CryptoError) -> Digest32
    {
        try PublicKey.defaultUserID.withBytes { userID throws(CryptoError) in
            try digest(of: message, userID: userID, point: point)
        }
    }
}
