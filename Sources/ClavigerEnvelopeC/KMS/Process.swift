import ClavigerCrypto
import ClavigerEnvelope

/// What the C functions of one process share.
enum Process {
    /// Where the KMS is, as the last `InitSdk` that succeeded was told.
    private static let address = ForkGuarded<KMSAddress?>(nil)

    private static let managers = ForkGuarded<[UInt64: KeyManager]>([:])

    static func use(_ newAddress: KMSAddress) { address.withLock { $0 = newAddress } }

    /// Where the KMS is: as `InitSdk` said, or else as the environment says.
    ///
    /// - Throws: `.invalidArgument` if neither says so.
    static func currentAddress() throws(EnvelopeError) -> KMSAddress {
        if let known = address.withLock({ $0 }) { return known }
        return try environmentAddress()
    }

    /// The address in `TENCENT_SDK_DOMAIN`.
    static func environmentAddress() throws(EnvelopeError) -> KMSAddress {
        guard let text = KMSAddress.environment() else {
            throw EnvelopeError(.invalidArgument, "there is no address of a KMS")
        }
        return try KMSAddress(text)
    }

    /// Keeps a manager, and gives the number by which a caller's struct names it: a random one, so that a struct that was never
    /// initialised names none.
    static func keep(_ manager: KeyManager) -> UInt64 {
        managers.withLock { managers in
            var generator = SystemRandomNumberGenerator()
            var handle: UInt64
            repeat { handle = generator.next() } while handle == 0 || managers[handle] != nil
            managers[handle] = manager
            return handle
        }
    }

    static func manager(_ handle: UInt64) -> KeyManager? { managers.withLock { $0[handle] } }

    static func forget(_ handle: UInt64) -> KeyManager? { managers.withLock { $0.removeValue(forKey: handle) } }
}
