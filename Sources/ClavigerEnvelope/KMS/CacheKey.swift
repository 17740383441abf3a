/// What a cached data key is for: texts, compared byte by byte.
///
/// `String` will not do: to it "é" is "é" however it is composed, but an encryption context is bound to a data key byte by byte.
struct CacheKey: Hashable, Sendable {
    private var bytes: [UInt8] = []

    /// For encrypting: a list of master keys, and a context.
    init(_ masterKeys: [MasterKey], context: String) {
        bytes.reserveCapacity(128 * (1 + masterKeys.count) + context.utf8.count)
        append(context)
        for masterKey in masterKeys {
            append(masterKey.region)
            append(masterKey.keyID)
        }
    }

    /// For decrypting: one encrypted data key, and a context.
    init(_ wrapped: EncryptedDataKey, context: String) {
        bytes.reserveCapacity(256 + wrapped.ciphertext.utf8.count + context.utf8.count)
        append(context)
        append(wrapped.region)
        append(wrapped.keyID)
        append(wrapped.ciphertext)
    }

    /// Behind its size, so that no two lists of texts are the same bytes.
    private mutating func append(_ text: String) {
        withUnsafeBytes(of: text.utf8.count) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: text.utf8)
    }
}
