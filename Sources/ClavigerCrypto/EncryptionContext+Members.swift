extension EncryptionContext {
    /// The text of a member; `nil` if there is none of this name or its value is no text. Allocates nothing.
    package func text(named name: String) -> ArraySlice<UInt8>? {
        guard let range = encoded.withUnsafeBufferPointer({ EncodedMembers($0).text(named: name) }) else { return nil }
        return encoded[range]
    }
}

/// A walk over the canonical encoding, which this process made and which is therefore well formed.
private struct EncodedMembers {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 1

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func text(named name: String) -> Range<Int>? {
        var walk = self
        guard bytes[0] == EncryptionContext.Kind.context.rawValue else { return nil }
        for _ in 0..<walk.count() {
            let isMeant = bytes[walk.string()].elementsEqual(name.utf8)
            let tag = walk.tag()
            if isMeant { return tag == .string ? walk.string() : nil }
            walk.skip(tag)
        }
        return nil
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
