import ClavigerCrypto

/// No text crashes the canonical encoding or the search for a member; white space around a text changes nothing; additional data beside it hides
/// no member.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzEncryptionContext(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    guard let context = try? EncryptionContext(json: text) else { return 0 }
    precondition((try? EncryptionContext(json: [0x20] + text + [0x0A])) == context)
    let both = EncryptionContext(context, additionalData: text)
    precondition(both != context && both != EncryptionContext(additionalData: text) || context == .empty)
    for name in ["", "a", "tenant"] {
        precondition(both.text(named: name).map(Array.init) == context.text(named: name).map(Array.init))
    }
    return 0
}
