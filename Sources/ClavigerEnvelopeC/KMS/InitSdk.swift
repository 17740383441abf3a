import CKmsEncSdk
import ClavigerEnvelope

/// Asks the KMS whether it is enabled in the edition that the SDK needs, and remembers where it is (contract, section 4).
@c @implementation
public func InitSdk(
    _ region: UnsafeMutablePointer<CChar>?, _ secretId: UnsafeMutablePointer<CChar>?,
    _ secretKey: UnsafeMutablePointer<CChar>?, _ domainName: UnsafeMutablePointer<CChar>?
) -> CInt {
    guard let region, let secretId, let secretKey, let domainName else { return ES_ERROR.rawValue }
    return result { () throws(EnvelopeError) in
        guard let region = CText.read(region, maximum: largestText),
            let domain = CText.read(domainName, maximum: largestText)
        else { throw EnvelopeError(.invalidArgument, "a text is too long or not UTF-8") }
        let credentials = try credentials(secretId, secretKey)
        let address = domain.isEmpty ? try Process.environmentAddress() : try KMSAddress(domain)
        try KeyManager.checkService(region: region, credentials: credentials, address: address)
        Process.use(address)
    }
}

/// Enough for every text that these functions take.
private let largestText = 4096
