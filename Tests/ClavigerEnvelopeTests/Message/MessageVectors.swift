import ClavigerCrypto
import ClavigerEnvelope
import Foundation
import Testing

/// Messages by Tests/Vectors/make_envelope_vectors.py, which shares no code with the SDK.
struct MessageVectors: Decodable, Sendable {
    /// A message that must come out byte by byte.
    struct Message: Decodable, Sendable, CustomTestStringConvertible {
        let algorithm: UInt8
        let plaintextLength: Int
        let blockLength: UInt64
        let encryptionContext: String
        let dataKeys: [[String]]
        let messageID: String
        let dataKey: String
        /// Hexadecimal, if it is short; else there are ``size`` and ``sha256``.
        let message: String?
        let size: Int?
        let sha256: String?

        var header: MessageHeader {
            get throws {
                MessageHeader(
                    algorithm: try #require(EnvelopeAlgorithm(rawValue: algorithm)),
                    encryptionContext: encryptionContext,
                    dataKeys: dataKeys.map { EncryptedDataKey(region: $0[0], keyID: $0[1], ciphertext: $0[2]) },
                    blockLength: blockLength == 0 ? nil : blockLength,
                    messageID: try #require(Hex.decode(messageID.utf8)),
                    plaintextLength: UInt64(plaintextLength))
            }
        }

        var testDescription: String { "algorithm \(algorithm), \(plaintextLength) bytes, blocks of \(blockLength)" }
    }

    /// A message with a header that is unusual or wrong, and the code that reading it gives.
    struct Header: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let code: Int32
        /// Hexadecimal, in which `(hex*times)` stands for a run.
        let message: String

        var bytes: [UInt8] {
            get throws {
                var text = ""
                for part in message.split(separator: "(", omittingEmptySubsequences: false).enumerated() {
                    guard part.offset > 0 else {
                        text += part.element
                        continue
                    }
                    let (run, rest) = try #require(part.element.split(separator: ")", maxSplits: 1).pair)
                    let (hex, times) = try #require(run.split(separator: "*").pair)
                    text += String(repeating: String(hex), count: try #require(Int(times))) + rest
                }
                return try #require(Hex.decode(text.utf8))
            }
        }

        var testDescription: String { name }
    }

    let messages: [Message]
    let headers: [Header]

    static let all: MessageVectors = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Vectors").appending(path: "messages.json")
        // Without the vectors no test of this suite means anything.
        do { return try JSONDecoder().decode(MessageVectors.self, from: Data(contentsOf: file)) } catch {
            fatalError("\(file.path) cannot be read: \(error)")
        }
    }()

    /// What the plaintexts are.
    static func sample(_ count: Int) -> [UInt8] { Array(longest.prefix(count)) }

    private static let longest = [UInt8](unsafeUninitializedCapacity: 9_000_001) { bytes, initialized in
        for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: 7 * index + index >> 8) }
        initialized = bytes.count
    }
}

extension Array where Element == Substring {
    /// Two elements, the second empty if there is but one.
    fileprivate var pair: (Substring, Substring)? {
        switch count {
        case 1: (self[0], "")
        case 2: (self[0], self[1])
        default: nil
        }
    }
}
