import ClavigerCore
package import ClavigerCrypto
import Foundation

/// What the texts of a transcript stand for. Each dialect's `Vectors` say which of them it uses.
package struct TranscriptValues: Sendable {
    /// What calls have answered, by the names that the transcript gives it.
    package var saved: [String: JSONValue] = [:]
    package let clock: ManualClock

    package init(clock: ManualClock) { self.clock = clock }

    /// The value with what its texts stand for.
    package func filled(_ value: JSONValue) throws -> JSONValue {
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
        guard let pattern = TranscriptPattern(content) else { return JSONValue(text: try withSavedTexts(content)) }
        switch pattern.kind {
        case "ids":
            return .array((0..<(try pattern.number(0))).map { JSONValue(text: UUIDText.text(UInt128($0 + 1))) })
        case _ where pattern.kind.hasPrefix("now"): return JSONValue(number: try moment(pattern.kind))
        default: return JSONValue(text: try text(pattern) ?? content)
        }
    }

    /// - Returns: `nil` if these angle brackets mean themselves.
    private func text(_ pattern: TranscriptPattern) throws -> String? {
        switch pattern.kind {
        case "text": String(repeating: try pattern.part(0), count: try pattern.number(1))
        case "base64": Base64.string(try pattern.sample(0))
        case "hex": Hex.string(try pattern.sample(0)).uppercased()
        case "dek": Hex.string(try pattern.sample(0) + Self.digest(try pattern.sample(0))).uppercased()
        case "sha256": Hex.string(Self.digest(try pattern.sample(0))).uppercased()
        case "damaged": Base64.string(try damaged(pattern))
        case "cut": String(try savedText(try pattern.part(0)).dropLast(try pattern.number(1)))
        case "der": Base64.string(try SM2DER.encoded(try Base64.decode(savedText(try pattern.part(0)).utf8)))
        case "encrypted":
            try publicKey(try pattern.part(2)).encrypted(
                SampleBytes.make(try pattern.number(1), start: try pattern.start(3)), by: try pattern.part(0))
        case "signed": Base64.string(try signature(pattern))
        case "client": Base64.string(try ClientKeyPair.named(try pattern.part(0)).publicKey.spki)
        case _ where pattern.kind.hasPrefix("ms"): String(try moment(pattern.kind) * 1000)
        case _ where pattern.kind.hasPrefix("date"):
            Date(timeIntervalSince1970: TimeInterval(try moment(pattern.kind))).formatted(.iso8601)
        default: nil
        }
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { SHA256Hasher.hash($0).bytes }
    }

    private func damaged(_ pattern: TranscriptPattern) throws -> [UInt8] {
        var bytes = try Base64.decode(savedText(try pattern.part(0)).utf8)
        let index = pattern.parts.count > 1 ? try pattern.number(1) : bytes.count / 2
        let position = index < 0 ? bytes.count + index : index
        guard bytes.indices.contains(position) else { throw TranscriptFault("there is no byte \(index)") }
        bytes[position] ^= 1
        return bytes
    }

    private func signature(_ pattern: TranscriptPattern) throws -> [UInt8] {
        let (scheme, encoding) = try ClientAlgorithm.signature(try pattern.part(0))
        let digest = SampleBytes.make(32, start: try pattern.start(2))
        return try ClientKeyPair.named(try pattern.part(1)).sign(digest: digest, scheme, encoding: encoding)
    }

    private func withSavedTexts(_ content: String) throws -> String {
        guard content.contains("${") else { return content }
        return saved.reduce(content) { $0.replacing("${\($1.key)}", with: $1.value.text ?? "") }
    }

    private func savedText(_ name: String) throws(TranscriptFault) -> String {
        guard let text = saved[String(name.dropFirst())]?.text else {
            throw TranscriptFault("no text was saved as \(name)")
        }
        return text
    }

    private func publicKey(_ name: String) throws -> PublicKey { try PublicKey(text: try savedText(name)) }

    /// The clock's seconds for a word alone, or so many seconds before or after.
    private func moment(_ word: String) throws(TranscriptFault) -> Int64 {
        let later = word.drop { !"+-".contains($0) }
        guard let seconds = later.isEmpty ? 0 : Int64(later) else { throw TranscriptFault("\(word) is no moment") }
        return clock.now.seconds + seconds
    }
}

// MARK: what is expected

extension TranscriptValues {
    /// In what an answer differs from what is expected.
    package func mismatches(_ expected: JSONValue, _ actual: JSONValue, at path: String) throws -> [String] {
        try JSONComparison.mismatches(expected, actual, at: path, matches: matches)
    }

    /// In what those members of an answer differ that are expected; there may be others.
    package func mismatches(amongOthers expected: JSONValue, _ actual: JSONValue, at path: String) throws -> [String] {
        guard case .object(let members) = expected else { return try mismatches(expected, actual, at: path) }
        return try members.flatMap { member -> [String] in
            let name = String(decoding: member.name, as: UTF8.self)
            guard let found = actual[name] else { return ["\(path).\(name) is missing"] }
            return try mismatches(amongOthers: member.value, found, at: "\(path).\(name)")
        }
    }

    private func matches(_ content: String, _ actual: JSONValue) throws -> Bool {
        guard let pattern = TranscriptPattern(content) else { return try filled(content) == actual }
        let parts = pattern.parts
        switch pattern.kind {
        case "any": return true
        case "uuid": return actual.text.map { UUIDText.parse($0.utf8) != nil } ?? false
        case "base64" where parts.count == 1:
            return try actual.bytes.map { try pattern.range(0).contains($0.count) } ?? false
        case "hex" where parts.count == 1:
            guard let text = actual.text, text == text.uppercased() else { return false }
            return try Hex.decode(Array(text.utf8))?.count == pattern.number(0)
        case "characters": return try actual.text?.count == pattern.number(0)
        case "spki":
            return actual.text.flatMap { try? PublicKey(base64: $0) }.map { "\($0.algorithm)" } == parts.first
        case "der" where parts.isEmpty: return actual.bytes.map(Self.isSequence) ?? false
        case "pem": return try isPEM(actual, pattern)
        case "signature": return try isSignature(actual, pattern)
        case "exported": return try isExported(actual, pattern)
        default: return try filled(content) == actual
        }
    }

    /// Of a public key on an algorithm; or with a label, and then so many bytes, or those of a saved text.
    private func isPEM(_ actual: JSONValue, _ pattern: TranscriptPattern) throws -> Bool {
        guard let pem = actual.text.flatMap(PEMText.init) else { return false }
        guard pattern.parts.count > 1 else {
            return try pem.label == "PUBLIC KEY"
                && (try? PublicKey(spki: pem.content)).map { "\($0.algorithm)" } == pattern.part(0)
        }
        guard try pem.label == pattern.part(0) else { return false }
        let content = try pattern.part(1)
        return content.hasPrefix("$")
            ? Base64.string(pem.content) == (try savedText(content)) : pem.content.count == (try pattern.number(1))
    }

    /// Of a digest, or of a message of so many bytes.
    private func isSignature(_ actual: JSONValue, _ pattern: TranscriptPattern) throws -> Bool {
        guard let signature = actual.text else { return false }
        let algorithm = try pattern.part(0)
        if try pattern.part(1).hasPrefix("$") {
            let digest = SampleBytes.make(32, start: try pattern.start(2))
            return try publicKey(try pattern.part(1)).verifies(signature, ofDigest: digest, by: algorithm)
        }
        let key = try publicKey(try pattern.part(2))
        return try pattern.part(1) == "digest"
            ? try key.verifies(signature, ofDigest: SampleBytes.make(32), by: algorithm)
            : try key.verifies(signature, of: SampleBytes.make(try pattern.number(1)), by: algorithm)
    }

    private func isExported(_ actual: JSONValue, _ pattern: TranscriptPattern) throws -> Bool {
        guard let ciphertext = actual.bytes else { return false }
        let algorithm = try pattern.part(0)
        let scheme = try ClientAlgorithm.encryption(algorithm)
        let pairs = scheme == .sm2Raw || scheme == .sm2ASN1 ? ["sm2"] : ["rsa2048", "rsa3072"]
        let opened = pairs.lazy.compactMap { try? ClientKeyPair.named($0).decrypt(ciphertext, scheme) }.first
        guard let opened else { return false }
        let expected = try pattern.part(1)
        guard expected.hasPrefix("$") else { return opened.count == (try pattern.number(1)) }
        return opened.withUnsafeBytes { Base64.string(Array($0)) } == (try savedText(expected))
    }

    /// Whether the bytes are one SEQUENCE of the length that it states.
    private static func isSequence(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] == 0x30 else { return false }
        switch bytes[1] {
        case 0...0x7F: return bytes.count == 2 + Int(bytes[1])
        case 0x81: return bytes[2] >= 0x80 && bytes.count == 3 + Int(bytes[2])
        case 0x82:
            guard bytes.count > 4 else { return false }
            let length = Int(bytes[2]) << 8 | Int(bytes[3])
            return length > 0xFF && bytes.count == 4 + length
        default: return false
        }
    }
}
