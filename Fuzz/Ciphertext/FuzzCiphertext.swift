import ClavigerCrypto

private let material = KeyMaterial([UInt8](repeating: 7, count: 32))

/// No bytes crash the reader, and none open that were not made with the key.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzCiphertext(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let ciphertext = try? Ciphertext(bytes) else { return 0 }
    precondition((try? ciphertext.open(with: material, context: .empty)) == nil)
    return 0
}
