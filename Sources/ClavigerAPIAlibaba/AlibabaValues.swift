import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The parameters of a call. Names that no action knows are ignored, as the vendor does.
struct AlibabaValues: Sendable {
    private let pairs: [FormParser.Pair]

    /// - Parameter pairs: without a name twice.
    init(_ pairs: [FormParser.Pair]) { self.pairs = pairs }

    /// All parameters, for what is signed.
    var all: [(name: [UInt8], value: [UInt8])] { pairs.map { ($0.name, $0.value) } }
}

extension AlibabaValues {
    /// Whether the answer shall be XML.
    var wantsXML: Bool { text("Format")?.lowercased() == "xml" }

    /// The bytes of a parameter, valid UTF-8 and perhaps none at all; `nil` if it is absent.
    func bytes(_ name: StaticString) -> [UInt8]? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return pairs.first { $0.name.elementsEqual(wanted) }?.value
    }

    func text(_ name: StaticString) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// The bytes of an optional parameter; one that is empty counts as absent.
    func given(_ name: StaticString) -> [UInt8]? { bytes(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// The text of a parameter that a call must have.
    ///
    /// - Throws: `.missingParameter` if it is absent or empty.
    func required(_ name: StaticString) throws(KMSError) -> String {
        String(decoding: try requiredBytes(name), as: UTF8.self)
    }

    func requiredBytes(_ name: StaticString) throws(KMSError) -> [UInt8] {
        guard let bytes = given(name) else {
            throw KMSError(.missingParameter, "the parameter \(name) is missing")
        }
        return bytes
    }

    /// Refuses a call that lacks one of these.
    func require(_ names: [StaticString]) throws(KMSError) {
        for name in names { _ = try requiredBytes(name) }
    }

    // MARK: plain values

    /// `true` or `false` in any case of letters; `nil` if it is absent.
    func boolean(_ name: StaticString) throws(KMSError) -> Bool? {
        guard let text = given(name) else { return nil }
        switch String(decoding: text, as: UTF8.self).lowercased() {
        case "true": return true
        case "false": return false
        default: throw KMSError(.invalidParameter, "\(name) is true or false")
        }
    }

    /// A whole number in decimal digits; `nil` if it is absent.
    func number(_ name: StaticString, in range: ClosedRange<Int64>) throws(KMSError) -> Int64? {
        guard let digits = given(name) else { return nil }
        guard digits.allSatisfy({ 48...57 ~= $0 }), let number = Int64(String(decoding: digits, as: UTF8.self)),
            range.contains(number)
        else {
            throw KMSError(
                .invalidParameter, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// One of several words; `nil` if it is absent. Capitals count.
    func choice<Value>(_ name: StaticString, _ choices: [(word: String, value: Value)]) throws(KMSError) -> Value? {
        guard let text = given(name) else { return nil }
        guard let choice = choices.first(where: { $0.word.utf8.elementsEqual(text) }) else {
            let words = choices.map(\.word).joined(separator: ", ")
            throw KMSError(.invalidParameter, "\(name) is one of: \(words)")
        }
        return choice.value
    }

    /// Base64 of as many bytes as `sizes` allows.
    func base64(_ name: StaticString, _ sizes: ClosedRange<Int>) throws(KMSError) -> [UInt8] {
        let text = try requiredBytes(name)
        guard let bytes = try? Base64.decode(text), sizes.contains(bytes.count) else {
            throw Self.notBase64(name, sizes)
        }
        return bytes
    }

    private static func notBase64(_ name: StaticString, _ sizes: ClosedRange<Int>) -> KMSError {
        KMSError(.invalidParameter, "\(name) is Base64 of \(sizes.lowerBound) to \(sizes.upperBound) bytes")
    }

    /// The plaintext that is to be encrypted, in memory of its own.
    func plaintext(_ name: StaticString, _ sizes: ClosedRange<Int>) throws(KMSError) -> KeyMaterial {
        let decoded: KeyMaterial? = try requiredBytes(name).withUnsafeBytes { text in
            guard let count = Base64.decodedCount(text), sizes.contains(count) else { return nil }
            return try? KeyMaterial(count: count) { target throws(CryptoError) in
                try Base64.decode(text, into: target)
            }
        }
        guard let decoded else { throw Self.notBase64(name, sizes) }
        return decoded
    }

    // MARK: JSON

    /// A parameter that is JSON text; `nil` if it is absent.
    func json(_ name: StaticString) throws(KMSError) -> JSONValue? {
        guard let text = given(name) else { return nil }
        do throws(JSONParser.Failure) {
            return try JSONParser.parse(text)
        } catch {
            throw KMSError(.invalidParameter, "\(name) is no JSON: \(error.reason) at byte \(error.offset)")
        }
    }

    /// The pairs that are bound to a ciphertext: a JSON object of texts, at most 8,192 characters as it was sent.
    func encryptionContext(_ name: StaticString = "EncryptionContext") throws(KMSError) -> EncryptionContext {
        guard let text = given(name) else { return .empty }
        guard String(decoding: text, as: UTF8.self).unicodeScalars.count <= Self.longestContext,
            let value = try json(name), case .object(let members) = value,
            members.allSatisfy({ if case .string = $0.value { true } else { false } }),
            let context = try? EncryptionContext(value)
        else {
            throw KMSError(
                .invalidParameter,
                "\(name) is a JSON object of texts, of at most \(Self.longestContext) characters")
        }
        return context
    }

    private static let longestContext = 8192

    // MARK: pages

    /// Which part of a list is wanted.
    func page() throws(KMSError) -> AlibabaPage {
        AlibabaPage(
            number: try number("PageNumber", in: 1...Int64.max).map(Int.init) ?? 1,
            size: try number("PageSize", in: 1...100).map(Int.init) ?? 10)
    }

    // MARK: names

    /// A key by its id, ARN, alias or the ARN of its alias.
    func keyName(_ name: StaticString = "KeyId") throws(KMSError) -> AlibabaKeyName {
        AlibabaKeyName(try required(name))
    }

    /// A key by its id or ARN.
    ///
    /// - Throws: Unsupported.Alias.
    func keyNameWithoutAlias(_ name: StaticString = "KeyId") throws(KMSError) -> AlibabaKeyName {
        let key = try keyName(name)
        guard !key.isAlias else {
            throw KMSError(alibaba: .unsupportedAlias, "\(name) is the id or the ARN of a key here, not an alias")
        }
        return key
    }

    /// The id of a key version; `nil` stands for a text that no version can have.
    func keyVersion(_ name: StaticString = "KeyVersionId") throws(KMSError) -> KeyVersionID? {
        UUIDText.parse(try requiredBytes(name)[...]).map(KeyVersionID.init)
    }

    /// Text that people write, of at most `longest` characters.
    func freeText(_ name: StaticString, longest: Int) throws(KMSError) -> String? {
        guard let text = text(name) else { return nil }
        guard text.unicodeScalars.count <= longest, !text.utf8.contains(0) else {
            throw KMSError(.invalidParameter, "\(name) has at most \(longest) characters, none of them U+0000")
        }
        return text
    }
}
