import ClavigerCore
import ClavigerCrypto

/// What a call brings: the members of its body, and what varies in its path.
///
/// Unknown members are ignored, and `null` means absent. Numbers travel as strings; whole numbers of JSON are taken too.
struct HuaweiValues: Sendable {
    /// Bytes of a `sequence`, by which callers number their messages.
    private static let sequenceSize = 36

    private let members: [JSONValue.Member]
    private let parameters: [String: String]

    init(members: [JSONValue.Member], parameters: [String: String]) {
        self.members = members
        self.parameters = parameters
    }

    /// The value as it is; `nil` if it is absent or null.
    func value(_ name: StaticString) -> JSONValue? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard let value = members.first(where: { $0.name.elementsEqual(wanted) })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// What stands in the path in the place of this name in braces.
    func parameter(_ name: String) -> String? { parameters[name] }

    // MARK: what is checked before an action sees anything

    /// - Throws: KMS.0204 if one of the members is missing.
    func require(_ names: [StaticString]) throws(KMSError) {
        for name in names where value(name) == nil {
            throw KMSError(.missingParameter, "the member \(name) is missing")
        }
    }

    /// - Throws: KMS.0206.
    func checkSequence() throws(KMSError) {
        guard let value = value("sequence") else { return }
        guard case .string(let text) = value, text.count == Self.sequenceSize else {
            throw KMSError(HuaweiCode.invalidSequence, "a sequence has \(Self.sequenceSize) bytes")
        }
    }

    /// The id of the key that the call is about.
    ///
    /// - Throws: KMS.0205.
    func keyID(in source: HuaweiKeySource) throws(KMSError) -> KeyID? {
        switch source {
        case .none: return nil
        case .path: return try KeyID(text: (parameter("key_id") ?? "").utf8)
        case .member, .ciphertext:
            guard let value = value("key_id") else { return nil }
            guard case .string(let text) = value else {
                throw KMSError(.malformedKeyID, "key_id is a string")
            }
            return try KeyID(text: text)
        }
    }
}

/// Where a call says which key it is about.
enum HuaweiKeySource: Sendable {
    /// It is about no key, or about many.
    case none
    /// In the member `key_id`.
    case member
    /// In the path.
    case path
    /// In the ciphertext, and perhaps in the member `key_id` as well.
    case ciphertext

    var isCiphertext: Bool {
        switch self {
        case .ciphertext: true
        case .none, .member, .path: false
        }
    }
}

// MARK: members

extension HuaweiValues {
    /// The bytes of a string, valid UTF-8.
    ///
    /// - Parameter code: what is wrong if it is no string.
    func bytes(
        _ name: StaticString, else code: HuaweiCode = .invalidParameter
    ) throws(KMSError) -> ArraySlice<UInt8>? {
        guard let value = value(name) else { return nil }
        guard case .string(let bytes) = value else { throw KMSError(code, "\(name) is a string") }
        return bytes
    }

    func text(_ name: StaticString, else code: HuaweiCode = .invalidParameter) throws(KMSError) -> String? {
        try bytes(name, else: code).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The characters of a string or a number, none for anything else; `nil` if it is absent or null.
    func digits(_ name: StaticString) -> ArraySlice<UInt8>? {
        switch value(name) {
        case nil: nil
        case .string(let text), .number(let text): text
        case .object, .array, .bool, .null: []
        }
    }

    /// A whole number, as a string of ASCII digits or as a number of JSON.
    ///
    /// - Parameter code: what is wrong if it is something else or out of range.
    func number(
        _ name: StaticString, in range: ClosedRange<Int>, else code: HuaweiCode = .invalidParameter
    ) throws(KMSError) -> Int? {
        guard let digits = digits(name) else { return nil }
        guard !digits.isEmpty, digits.allSatisfy({ 48...57 ~= $0 }),
            let number = Int(String(decoding: digits, as: UTF8.self)), range.contains(number)
        else { throw KMSError(code, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// One of several words.
    func choice<Choice>(
        _ name: StaticString, _ choices: [(word: String, means: Choice)], else code: HuaweiCode = .invalidParameter
    ) throws(KMSError) -> Choice? {
        guard let text = try text(name, else: code) else { return nil }
        guard let choice = choices.first(where: { $0.word.utf8.elementsEqual(text.utf8) }) else {
            throw KMSError(code, "\(name) is one of \(choices.map(\.word).joined(separator: ", "))")
        }
        return choice.means
    }

    func list(_ name: StaticString, else code: HuaweiCode) throws(KMSError) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value else { throw KMSError(code, "\(name) is a list") }
        return elements
    }

    /// Bytes in hexadecimal text of either case.
    ///
    /// - Parameter code: what is wrong if it is something else, or empty.
    func hexadecimal(_ name: StaticString, else code: HuaweiCode) throws(KMSError) -> [UInt8] {
        guard let text = try bytes(name, else: code), !text.isEmpty, let bytes = Hex.decode(text) else {
            throw KMSError(code, "\(name) is hexadecimal text")
        }
        return bytes
    }
}

// MARK: encryption context

extension HuaweiValues {
    /// Characters of a context, written as compact JSON.
    private static let longestContext = 8192

    /// Bytes of additional authenticated data.
    private static let longestAdditionalData = 128

    /// What is bound to a ciphertext: the context of the reference, and the additional data of the SDK.
    ///
    /// - Throws: KMS.0208 for the context, KMS.0308 for the data.
    func context() throws(KMSError) -> EncryptionContext {
        var context = EncryptionContext.empty
        if let value = value("encryption_context") {
            guard case .object(let members) = value else {
                throw KMSError(HuaweiCode.invalidContext, "encryption_context is an object")
            }
            var json = JSONWriter()
            var isText = true
            json.object { json in
                for member in members {
                    guard case .string(let text) = member.value else {
                        isText = false
                        return
                    }
                    json.name(member.name)
                    json.string(text)
                }
            }
            guard isText, String(decoding: json.bytes, as: UTF8.self).unicodeScalars.count <= Self.longestContext
            else {
                throw KMSError(
                    HuaweiCode.invalidContext,
                    "encryption_context holds strings, and has at most \(Self.longestContext) characters")
            }
            do throws(CryptoError) {
                context = try EncryptionContext(value)
            } catch {
                throw KMSError(HuaweiCode.invalidContext, "encryption_context has a name twice")
            }
        }
        guard let data = try bytes("additional_authenticated_data") else { return context }
        guard data.count <= Self.longestAdditionalData else {
            throw KMSError(
                HuaweiCode.invalidParameter,
                "additional_authenticated_data has at most \(Self.longestAdditionalData) bytes")
        }
        return EncryptionContext(context, additionalData: Array(data))
    }
}
