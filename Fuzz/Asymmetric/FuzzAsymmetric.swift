import ClavigerCrypto

private let pair = try? AsymmetricKeyPair.generate(.sm2)
private let privateKey = pair.flatMap { try? PrivateKey(pkcs8: $0.privateKey) }
private let digest = [UInt8](repeating: 7, count: 32)

/// No bytes crash a parser of keys, ciphertexts or signatures; what is read as a public key is written as it was read; and nothing passes for
/// signed or encrypted that was not.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzAsymmetric(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first, let privateKey else { return 0 }
    let content = Array(bytes.dropFirst())
    switch kind % 5 {
    case 0:
        if let key = try? PublicKey(spki: content) { precondition(key.spki == content) }
    case 1:
        if let key = try? PublicKey(pem: content) { precondition((try? PublicKey(pem: key.pem))?.spki == key.spki) }
    case 2:
        _ = try? PrivateKey(pkcs8: KeyMaterial(content))
    case 3:
        precondition((try? privateKey.decrypt(content, .sm2ASN1)) == nil)
    default:
        precondition(!privateKey.publicKey.verify(content, digest: digest, .sm2DSA))
        precondition(!privateKey.publicKey.verify(content, digest: digest, .sm2DSA, encoding: .raw))
    }
    return 0
}
