import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// What the texts of a transcript stand for.
struct TranscriptValues {
    /// What calls have answered, by the names that the transcript gives it.
    var saved: [String: JSONValue] = [:]
    let clock: ManualClock

    /// The value with what its texts stand for.
    func filled(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .object(let members):
            return .object(try members.map { JSONValue.Member(name: $0.name, value: try filled($0.value)) })
        case .array(let elements): return .array(try elements.map(filled))
        case .string: return try filled(value.text ?? "")
        case .number, .bool, .null: return value
        }
    }

    private func filled(_ content: String) throws -> JSONValue {
        if content.hasPrefix("$"), let known = saved[String(content.dropFirst())] { return known }
        guard let pattern = Pattern(content) else { return Self.text(try withSavedTexts(content)) }
        let parts = pattern.parts
        switch pattern.kind {
        case "text": return Self.text(String(repeating: parts[0], count: try Self.number(parts[1])))
        case "base64": return Self.text(Base64.string(try Self.sample(parts)))
        case "hex": return Self.text(Hex.string(try Self.sample(parts)).uppercased())
        case "dek":
            let bytes = try Self.sample(parts)
            let digest = bytes.withUnsafeBytes { SHA256Hasher.hash($0).bytes }
            return Self.text(Hex.string(bytes + digest).uppercased())
        case "sha256":
            return Self.text(
                Hex.string(try Self.sample(parts).withUnsafeBytes { SHA256Hasher.hash($0).bytes }).uppercased())
        case "damaged":
            var bytes = try Base64.decode(Array(try savedText(parts[0]).utf8))
            bytes[bytes.count / 2] ^= 1
            return Self.text(Base64.string(bytes))
        case "cut": return Self.text(String(try savedText(parts[0]).dropLast(try Self.number(parts[1]))))
        case "encrypted":
            let key = try PublicKey(spki: try Base64.decode(Array(try savedText(parts[2]).utf8)))
            return Self.text(
                Base64.string(
                    try Self.encrypted(try Self.sample([parts[1]] + parts.dropFirst(3)), by: key, parts[0])))
        case _ where pattern.kind.hasPrefix("now"): return .number(Array(String(try moment(pattern.kind)).utf8)[...])
        case _ where pattern.kind.hasPrefix("ms"): return Self.text(String(try moment(pattern.kind) * 1000))
        default: return Self.text(content)
        }
    }

    private static func encrypted(_ bytes: [UInt8], by key: PublicKey, _ algorithm: String) throws -> [UInt8] {
        let algorithm = try #require(WrappingAlgorithm(rawValue: algorithm), "no algorithm \(algorithm)")
        return try key.encrypt(KeyMaterial(bytes), algorithm.scheme)
    }

    /// So many bytes, always the same ones, or others that begin with a number.
    private static func sample(_ parts: [String]) throws -> [UInt8] {
        let start = parts.count > 1 ? try number(parts[1]) : 1
        return (0..<(try number(parts[0]))).map { UInt8(truncatingIfNeeded: 7 * $0 + start) }
    }

    private func withSavedTexts(_ content: String) throws -> String {
        guard content.contains("${") else { return content }
        return saved.reduce(content) { $0.replacing("${\($1.key)}", with: $1.value.text ?? "") }
    }

    private func savedText(_ name: String) throws -> String {
        try #require(saved[String(name.dropFirst())]?.text, "no text was saved as \(name)")
    }

    private static func text(_ text: String) -> JSONValue { .string(Array(text.utf8)[...]) }

    private static func number(_ part: String) throws -> Int { try #require(Int(part), "\(part) is no number") }

    /// The clock's seconds for `now` or `ms`, or so many seconds before or after.
    private func moment(_ word: String) throws -> Int64 {
        let later = word.drop { !"+-".contains($0) }
        return clock.now.seconds + Int64(later.isEmpty ? 0 : try Self.number(String(later)))
    }
}

// MARK: what is expected

extension TranscriptValues {
    /// A text in angle brackets: its kind, and what follows it behind colons.
    private struct Pattern {
        let kind: String
        let parts: [String]

        init?(_ content: String) {
            guard content.count > 2, content.hasPrefix("<"), content.hasSuffix(">") else { return nil }
            let words = content.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false)
                .map(String.init)
            kind = words[0]
            parts = Array(words.dropFirst())
        }
    }

    /// In what an answer differs from what is expected.
    func mismatches(_ expected: JSONValue, _ actual: JSONValue, at path: String) throws -> [String] {
        try JSONComparison.mismatches(expected, actual, at: path, matches: matches)
    }

    private func matches(_ content: String, _ actual: JSONValue) throws -> Bool {
        guard let pattern = Pattern(content) else { return try filled(content) == actual }
        switch pattern.kind {
        case "any": return true
        case "uuid": return actual.text.map { UUIDText.parse($0.utf8) != nil } ?? false
        case "base64" where pattern.parts.count == 1:
            return Self.bytes(actual, Base64.decode)?.count == (try Self.number(pattern.parts[0]))
        case "hex" where pattern.parts.count == 1:
            guard let text = actual.text, text == text.uppercased() else { return false }
            return Hex.decode(Array(text.utf8))?.count == (try Self.number(pattern.parts[0]))
        case "spki":
            guard let bytes = Self.bytes(actual, Base64.decode) else { return false }
            return (try? PublicKey(spki: bytes)).map { "\($0.algorithm)" } == pattern.parts[0]
        default: return try filled(content) == actual
        }
    }

    private static func bytes(
        _ value: JSONValue, _ decode: ([UInt8]) throws(CryptoError) -> [UInt8]
    ) -> [UInt8]? {
        value.text.flatMap { try? decode(Array($0.utf8)) }
    }
}
