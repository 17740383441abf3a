import Foundation

@testable import ClavigerCrypto

/// `Tests/Vectors/ciphertext.json`, made from the pages of the formats.
///
/// The implementation that made it shares no code with this one.
struct CiphertextVectors: Decodable {
    struct Context: Decodable, Sendable {
        let name: String
        let texts: [String]
        let encoded: String
    }

    struct AdditionalData: Decodable, Sendable {
        let data: String
        let encoded: String
    }

    struct ContextWithData: Decodable, Sendable {
        let texts: [String]
        let data: String
        let encoded: String
    }

    struct RefusedContext: Decodable, Sendable {
        let name: String
        let text: String
    }

    struct Message: Decodable, Sendable {
        let name: String
        let material: String
        let suite: UInt8
        let purpose: UInt8
        let keyID: UUID
        let keyVersionID: UUID
        let issuedAt: UInt64
        let salt: String
        let iv: String
        let context: String?
        let additionalData: String?
        let encodedContext: String
        let messageKey: String
        let commitment: String
        let plaintext: String?
        let ciphertext: String?
        let plaintextSize: Int?
        let ciphertextSHA256: String?
    }

    struct RefusedMessage: Decodable, Sendable {
        let name: String
        let material: String
        let context: String?
        let ciphertext: String
    }

    struct AmbiguousMessage: Decodable, Sendable {
        struct Opening: Decodable, Sendable {
            let material: String
            let messageKey: String
            let plaintext: String
            let ciphertext: String
        }

        let suite: UInt8
        let iv: String
        let aad: String
        let sealed: String
        let tag: String
        let openings: [Opening]
    }

    struct Wrapped: Decodable, Sendable {
        let name: String
        let key: String
        let identity: String
        let salt: String
        let secret: String
        let wrapped: String
    }

    struct RefusedWrapped: Decodable, Sendable {
        let name: String
        let key: String
        let identity: String
        let wrapped: String
    }

    let contexts: [Context]
    let additionalData: [AdditionalData]
    let contextsWithData: [ContextWithData]
    let refusedContexts: [RefusedContext]
    let ciphertexts: [Message]
    let refusedCiphertexts: [RefusedMessage]
    let ambiguousCiphertexts: [AmbiguousMessage]
    let wrapped: [Wrapped]
    let refusedWrapped: [RefusedWrapped]

    /// The file belongs to the sources of the tests, so a failure to read it is a failure of the build.
    static let file: CiphertextVectors = {
        do {
            let data = try Data(contentsOf: VectorFiles.own.appending(path: "ciphertext.json"))
            return try JSONDecoder().decode(CiphertextVectors.self, from: data)
        } catch {
            preconditionFailure("ciphertext.json cannot be read: \(error)")
        }
    }()
}

extension CiphertextVectors.Message {
    var content: [UInt8] {
        plaintext.map { [UInt8](hex: $0) } ?? (0..<(plaintextSize ?? 0)).map { UInt8($0 % 251) }
    }

    func encryptionContext() throws -> EncryptionContext {
        let context = try EncryptionContext(jsonText: context)
        guard let additionalData else { return context }
        let data = [UInt8](hex: additionalData)
        return context == .empty
            ? EncryptionContext(additionalData: data) : EncryptionContext(context, additionalData: data)
    }
}

extension EncryptionContext {
    /// The context of JSON text in a vector, where null is no context.
    init(jsonText: String?) throws {
        self = try jsonText.map { try EncryptionContext(json: Array($0.utf8)) } ?? .empty
    }
}

extension UInt128 {
    init(_ uuid: UUID) {
        self = withUnsafeBytes(of: uuid.uuid) { Array($0) }.bigEndian(at: 0)
    }
}
