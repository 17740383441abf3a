import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

// Readers for what several actions take. A required parameter is known to be there, for the table was checked.

extension ParameterValues {
    private static let longestContext = 1024
    private static let longestDescription = 1024
    private static let mostKeys = 100

    func keyID(_ name: StaticString = "KeyId") throws(KMSError) -> KeyID { try KeyID(text: bytes(name) ?? []) }

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

    /// The contract's pattern: a letter or digit, then up to 59 letters, digits, `_` and `-`. Names of product keys are reserved.
    func alias() throws(KMSError) -> KeyAlias {
        let text = bytes("Alias") ?? []
        func isAlphanumeric(_ byte: UInt8) -> Bool { 48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte }
        guard
            let first = text.first, isAlphanumeric(first), text.count <= 60,
            text.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else {
            throw KMSError(
                .invalidAlias,
                "an alias has 1 to 60 letters, digits, \"_\" and \"-\", and begins with a letter or a digit")
        }
        let name = String(decoding: text, as: UTF8.self)
        guard !name.lowercased().hasPrefix("kms-") else {
            throw KMSError(.invalidAlias, "aliases that begin with \"kms-\" are those of product keys")
        }
        return KeyAlias(checked: name)
    }

    func description() throws(KMSError) -> String {
        let text = bytes("Description") ?? []
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

    func ciphertext() throws(KMSError) -> Ciphertext {
        do throws(CryptoError) {
            return try Ciphertext(try Base64.decode(bytes("CiphertextBlob") ?? []))
        } catch {
            throw .invalidCiphertext
        }
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

/// A page of a list: at most 200 entries.
struct Paging: Sendable {
    static let parameters: [Parameter] = [.optional("Offset", .unsigned), .optional("Limit", .unsigned)]

    let offset: Int
    let limit: Int

    init(_ values: ParameterValues) throws(KMSError) {
        let limit = values.number("Limit") ?? 10
        guard limit <= 200 else { throw KMSError(.invalidParameter, "Limit is at most 200") }
        self.limit = Int(limit)
        offset = Int(clamping: values.number("Offset") ?? 0)
    }
}
