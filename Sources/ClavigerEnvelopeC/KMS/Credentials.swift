import CKmsEncSdk
import ClavigerCrypto
import ClavigerEnvelope

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The access key of a C caller. The secret goes straight into locked memory.
func credentials(
    _ secretId: UnsafeMutablePointer<CChar>, _ secretKey: UnsafeMutablePointer<CChar>
) throws(EnvelopeError) -> KMSCredentials {
    let size = strnlen(secretKey, Int(KMS_ENC_SDK_CREDENTIAL_SIZE))
    guard let id = CText.read(secretId, maximum: Int(KMS_ENC_SDK_CREDENTIAL_SIZE) - 1),
        size < Int(KMS_ENC_SDK_CREDENTIAL_SIZE)
    else { throw EnvelopeError(.invalidArgument, "the id and the key of an access key have 1 to 255 bytes") }
    let secret = KeyMaterial(copying: UnsafeRawBufferPointer(start: secretKey, count: size))
    return try KMSCredentials(secretID: id, secretKey: secret)
}
