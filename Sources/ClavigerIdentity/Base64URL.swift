import ClavigerCrypto

/// Base64 for URLs without padding (RFC 4648 section 5), strict, behind a prefix.
enum Base64URL {
    /// `prefix` and the characters for `bytes`.
    static func encode(_ bytes: KeyMaterial, prefix: [UInt8]) -> KeyMaterial {
        let padded = KeyMaterial(count: Base64.encodedCount(bytes.count)) { target in
            bytes.withUnsafeBytes { Base64.encode($0, into: target) }
        }
        let count = (bytes.count * 8 + 5) / 6
        return KeyMaterial(count: prefix.count + count) { target in
            target.copyBytes(from: prefix)
            padded.withUnsafeBytes { padded in
                for index in 0..<count {
                    target[prefix.count + index] =
                        switch padded[index] {
                        case UInt8(ascii: "+"): UInt8(ascii: "-")
                        case UInt8(ascii: "/"): UInt8(ascii: "_")
                        case let character: character
                        }
                }
            }
        }
    }

    /// The bytes behind the prefix; `nil` if the prefix is missing or the rest is not the one spelling of some bytes.
    static func decode(_ text: String.UTF8View, prefix: [UInt8]) -> KeyMaterial? {
        guard text.starts(with: prefix) else { return nil }
        let characters = text.dropFirst(prefix.count)
        let padding = (4 - characters.count % 4) % 4
        guard padding != 3 else { return nil }
        var isOfAlphabet = true
        let padded = KeyMaterial(count: characters.count + padding) { target in
            var written = 0
            for character in characters {
                switch character {
                case UInt8(ascii: "-"): target[written] = UInt8(ascii: "+")
                case UInt8(ascii: "_"): target[written] = UInt8(ascii: "/")
                case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): isOfAlphabet = false
                case let character: target[written] = character
                }
                written += 1
            }
            for index in written..<written + padding { target[index] = UInt8(ascii: "=") }
        }
        guard isOfAlphabet else { return nil }
        return padded.withUnsafeBytes { padded in
            guard let count = Base64.decodedCount(padded) else { return nil }
            do throws(CryptoError) {
                return try KeyMaterial(count: count) { target throws(CryptoError) in
                    try Base64.decode(padded, into: target)
                }
            } catch {
                return nil
            }
        }
    }
}
