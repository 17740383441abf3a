import ClavigerCrypto
import Crypto

/// A hash as ACS3 writes it, by nothing that the server uses.
enum ACS3Hash {
    static func text(of bytes: [UInt8]) -> String { Hex.string(Array(SHA256.hash(data: bytes))) }
}
