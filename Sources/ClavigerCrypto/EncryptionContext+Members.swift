extension EncryptionContext {
    /// The text of a member of the context, whether or not there is additional data beside it; `nil` if there is none of this name or its value is
    /// no text. Allocates nothing.
    package func text(named name: String) -> ArraySlice<UInt8>? {
        guard let range = encoded.withUnsafeBufferPointer({ EncodedMembers($0).text(named: name) }) else { return nil }
        return encoded[range]
    }
}

/// A walk over the canonical encoding, which this process made and which is therefore well formed.
private struct EncodedMembers {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func text(named name: String) -> Range<Int>? {
        var walk = self
        guard walk.enterContext() else { return nil }
        for _ in 0..<walk.count() {
            let isMeant = bytes[walk.string()].elementsEqual(name.utf8)
            let tag = walk.tag()
            if isMeant { return tag == .string ? walk.string() : nil }
            walk.skip(tag)
        }
        return nil
    }

    /// Goes to the members; gives whether there are any.
    private mutating func enterContext() -> Bool {
        guard let kind = EncryptionContext.Kind(rawValue: bytes[at]) else { return false }
        at += 1
        switch kind {
        case .context: return true
        case .additionalData: return false
        case .both:
            _ = string()
            return enterContext()
        }
    }

    private mutating func count() -> Int {
        defer { at += 4 }
        return bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func string() -> Range<Int> {
        let count = count()
        defer { at += count }
        return at..<at + count
    }

    private mutating func tag() -> EncryptionContext.Tag? {
        defer { at += 1 }
        return EncryptionContext.Tag(rawValue: bytes[at])
    }

    private mutating func skip(_ tag: EncryptionContext.Tag?) {
        switch tag {
        case .string, .number: _ = string()
        case .yes, .no, .null, nil: break
        case .array: for _ in 0..<count() { skip(self.tag()) }
        case .object:
            for _ in 0..<count() {
                _ = string()
                skip(self.tag())
            }
        }
    }
}
