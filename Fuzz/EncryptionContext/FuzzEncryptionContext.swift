import ClavigerCrypto

/// No text crashes the canonical encoding; white space around a text changes nothing.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzEncryptionContext(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    guard let context = try? EncryptionContext(json: text) else { return 0 }
    precondition((try? EncryptionContext(json: [0x20] + text + [0x0A])) == context)
    return 0
}
