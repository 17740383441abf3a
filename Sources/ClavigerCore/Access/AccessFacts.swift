package import ClavigerCrypto

/// What conditions of policies can ask about a call, besides its resource.
package struct AccessFacts: Sendable {
    /// Address and port of the caller, `192.0.2.1:4711` or `2001:db8::1:4711` (the port is behind the last colon); anything else for callers without an
    /// address.
    package let source: String
    package let now: Timestamp

    /// The encryption context of the call; empty where there is none.
    package var encryptionContext: EncryptionContext = .empty

    /// Tags that the call gives to what it makes.
    package var requestTags: [KeyTag] = []

    /// Whether the question is about every call that the caller could make, and not about one: conditions that ask about the call itself have no
    /// answer then, so that what is allowed is allowed at any time, from anywhere and with any encryption context.
    package var isOfEveryCall = false

    package init(source: String, now: Timestamp) {
        self.source = source
        self.now = now
    }
}
