import Foundation

/// A file of Wycheproof's vectors, as far as asymmetric keys need it.
struct WycheproofFile: Decodable {
    struct Group: Decodable {
        let publicKeyDer, publicKeyPem: String?
        let privateKeyPkcs8: String?
        let keyDer: String?
        let sha: String?
        let tests: [Vector]
    }

    struct Vector: Decodable {
        enum Verdict: String, Decodable { case valid, acceptable, invalid }

        let tcId: Int
        let comment, msg: String
        let sig, ct, label: String?
        let result: Verdict
    }

    let testGroups: [Group]

    init(_ url: URL) throws {
        self = try JSONDecoder().decode(WycheproofFile.self, from: Data(contentsOf: url))
    }
}
