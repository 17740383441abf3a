import ClavigerCrypto
import ClavigerEnvelope

/// What the tests of the KMS's client have in common.
enum KMSFixtures {
    static let credentials = unwrapped { () throws(EnvelopeError) in
        try KMSCredentials(secretID: "AKIDtest", secretKey: "a secret key")
    }
    static let primary = unwrapped { () throws(EnvelopeError) in try MasterKey(region: "ap-guangzhou", keyID: "key-1") }
    static let backup = unwrapped { () throws(EnvelopeError) in try MasterKey(region: "ap-beijing", keyID: "key-2") }
    static let third = unwrapped { () throws(EnvelopeError) in try MasterKey(region: "ap-shanghai", keyID: "key-3") }

    static func service(
        _ transport: some KMSTransport, clock: KMSClock = .system, address: String = "http://kms.{region}.example:7700"
    ) -> KMSService {
        KMSService(
            address: unwrapped { () throws(EnvelopeError) in try KMSAddress(address) }, transport: transport,
            clock: clock)
    }

    static func text(_ key: KeyMaterial) -> String {
        key.withUnsafeBytes { Base64.string(Array($0)) }
    }

    /// A value whose arguments are well-formed, as is visible here.
    private static func unwrapped<Value>(_ make: () throws(EnvelopeError) -> Value) -> Value {
        do throws(EnvelopeError) { return try make() } catch { fatalError(error.message) }
    }
}
