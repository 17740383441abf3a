import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

// Readers for what several actions take. A required parameter is known to be there, for the table was checked.

extension ParameterValues {
    private static let longestContext = 1024
    private static let longestDescription = 1024
    private static let mostKeys = 100

    func keyID(_ name: StaticString = "KeyId") throws(KMSError) -> KeyID { try KeyID(text: bytes(name) ?? []) }

    /// The keys that the values name, in either generation's words; what is no id is left out.
    var namedKeys: [KeyID] {
        [bytes("KeyId"), bytes("keyId"), bytes("DestinationKeyId")].compactMap { text in
            text.flatMap { try? KeyID(text: $0) }
        }
    }

    /// One to a hundred key ids, none twice.
    func keyIDs() throws(KMSError) -> [KeyID] {
        let elements = list("KeyIds") ?? []
        guard 1...Self.mostKeys ~= elements.count else {
            throw KMSError(.invalidParameter, "KeyIds holds 1 to \(Self.mostKeys) ids")
        }
        var ids: [KeyID] = []
        for case .string(let text) in elements { ids.append(try KeyID(text: text)) }
        guard Set(ids).count == ids.count else { throw KMSError(.duplicateKeyID, "KeyIds holds an id twice") }
        return ids
    }

    /// The alias of a user's key. Names of product keys are reserved.
    func alias(_ name: StaticString = "Alias") throws(KMSError) -> KeyAlias {
        let alias = try anyAlias(name)
        guard !alias.isOfProductKey else {
            throw KMSError(.invalidAlias, "aliases that begin with \"kms-\" are those of product keys")
        }
        return alias
    }

    /// The alias of a product's key.
    func productAlias() throws(KMSError) -> KeyAlias {
        let alias = try anyAlias("Alias")
        guard alias.isOfProductKey else {
            throw KMSError(.invalidAlias, "the alias of a product key begins with \"kms-\"")
        }
        return alias
    }

    /// The contract's pattern: a letter or digit, then up to 59 letters, digits, `_` and `-`.
    private func anyAlias(_ name: StaticString) throws(KMSError) -> KeyAlias {
        let text = bytes(name) ?? []
        func isAlphanumeric(_ byte: UInt8) -> Bool { 48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte }
        guard
            let first = text.first, isAlphanumeric(first), text.count <= 60,
            text.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else {
            throw KMSError(
                .invalidAlias,
                "an alias has 1 to 60 letters, digits, \"_\" and \"-\", and begins with a letter or a digit")
        }
        return KeyAlias(checked: String(decoding: text, as: UTF8.self))
    }

    func description(_ name: StaticString = "Description") throws(KMSError) -> String {
        let text = bytes(name) ?? []
        guard text.count <= Self.longestDescription else {
            throw KMSError(.invalidParameter, "a description has at most \(Self.longestDescription) bytes")
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// An encryption context given as the text of a JSON object.
    func encryptionContext(_ name: StaticString = "EncryptionContext") throws(KMSError) -> EncryptionContext {
        guard let text = bytes(name) else { return .empty }
        // The limit counts characters; no text of more bytes than four per character can keep it.
        guard
            text.count <= 4 * Self.longestContext,
            text.reduce(0, { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }) <= Self.longestContext
        else { throw KMSError(.invalidParameter, "\(name) has at most \(Self.longestContext) characters") }
        do throws(CryptoError) {
            return try EncryptionContext(json: Array(text))
        } catch {
            throw KMSError(.invalidParameter, "\(name) is the text of a JSON object that has no name twice")
        }
    }

    /// The bytes that a base64 text stands for, within bounds.
    func base64(_ name: StaticString, _ sizes: ClosedRange<Int>) throws(KMSError) -> [UInt8] {
        let text = bytes(name) ?? []
        do throws(CryptoError) {
            // The size is looked at first: the text may have megabytes.
            guard let count = text.withUnsafeBytes(Base64.decodedCount), sizes ~= count else { throw .malformed }
            return try Base64.decode(text)
        } catch {
            throw KMSError(
                .invalidParameter, "\(name) is the base64 of \(sizes.lowerBound) to \(sizes.upperBound) bytes")
        }
    }

    /// A plaintext in base64, kept out of ordinary memory.
    func plaintext(_ name: StaticString, most: Int) throws(KMSError) -> KeyMaterial {
        let decoded: KeyMaterial? = (bytes(name) ?? []).withUnsafeBytes { text in
            guard let count = Base64.decodedCount(text), 1...most ~= count else { return nil }
            return try? KeyMaterial(count: count) { target throws(CryptoError) in try Base64.decode(text, into: target)
            }
        }
        guard let decoded else { throw KMSError(.invalidPlaintext, "\(name) is the base64 of 1 to \(most) bytes") }
        return decoded
    }

    func ciphertext(_ name: StaticString = "CiphertextBlob") throws(KMSError) -> Ciphertext {
        do throws(CryptoError) {
            return try Ciphertext(try Base64.decode(bytes(name) ?? []))
        } catch {
            throw .invalidCiphertext
        }
    }

    /// Bytes of a data key, by a spec or by a number; where both are given, the number wins.
    func dataKeySize(spec: StaticString, number: StaticString) throws(KMSError) -> Int {
        let ofSpec: Int?
        switch text(spec) {
        case nil: ofSpec = nil
        case "AES_128": ofSpec = 16
        case "AES_256": ofSpec = 32
        default: throw KMSError(.invalidParameter, "\(spec) is AES_128 or AES_256")
        }
        guard let count = self.number(number) else {
            guard let ofSpec else { throw KMSError(.invalidParameter, "one of \(spec) and \(number) is needed") }
            return ofSpec
        }
        guard 1...1024 ~= count else { throw KMSError(.invalidParameter, "\(number) is 1 to 1024") }
        return Int(count)
    }

    /// Days until a key is deleted.
    func pendingWindow(_ name: StaticString) throws(KMSError) -> Int {
        guard let days = number(name), 7...30 ~= days else {
            throw KMSError(.invalidPendingWindow, "\(name) is 7 to 30")
        }
        return Int(days)
    }

    /// A number that stands for one of `choices`.
    func choice<Choice>(_ name: StaticString, _ choices: [Choice]) throws(KMSError) -> Choice? {
        guard let number = number(name) else { return nil }
        guard number < choices.count else {
            throw KMSError(.invalidParameter, "\(name) is a number from 0 to \(choices.count - 1)")
        }
        return choices[Int(number)]
    }
}

extension KeyAlias {
    fileprivate var isOfProductKey: Bool { name.lowercased().hasPrefix("kms-") }
}

/// A page of a list: at most 200 entries.
struct Paging: Sendable {
    static let parameters: [Parameter] = [.optional("Offset", .unsigned), .optional("Limit", .unsigned)]

    let offset: Int
    let limit: Int

    init(
        _ values: ParameterValues, offset offsetName: StaticString = "Offset", limit limitName: StaticString = "Limit"
    ) throws(KMSError) {
        let limit = values.number(limitName) ?? 10
        guard limit <= 200 else { throw KMSError(.invalidParameter, "\(limitName) is at most 200") }
        self.limit = Int(limit)
        offset = Int(clamping: values.number(offsetName) ?? 0)
    }
}
