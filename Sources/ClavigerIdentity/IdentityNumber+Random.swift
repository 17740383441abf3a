import ClavigerCore
import ClavigerCrypto

extension IdentityNumber {
    /// A number of 12 digits, as Tencent's are. Nobody promises that it is free.
    static func random(_ random: RandomSource) -> IdentityNumber {
        IdentityNumber(100_000_000_000 + Int64(random.uuid() % 900_000_000_000))
    }
}
