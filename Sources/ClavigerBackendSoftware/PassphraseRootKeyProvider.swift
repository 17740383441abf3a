package import ClavigerCore
package import ClavigerCrypto

/// A root key derived from a passphrase by scrypt. Without the passphrase the server starts sealed.
package struct PassphraseRootKeyProvider: RootKeyProvider {
    package let name = "passphrase"
    private let configured: KeyMaterial?
    private let cost: PassphraseKey.Cost

    /// - Parameters:
    ///   - passphrase: what the configuration gives, for servers that must start by themselves.
    ///   - cost: the work to derive a new root key; an existing one keeps the cost it was made with.
    package init(passphrase: KeyMaterial?, cost: PassphraseKey.Cost = .rootKey) {
        configured = passphrase
        self.cost = cost
    }

    package func create(passphrase: KeyMaterial?) throws(KMSError) -> (key: any RootKey, parameters: [UInt8])? {
        guard let passphrase = passphrase ?? configured else { return nil }
        guard passphrase.count >= 12 else {
            throw KMSError(.invalidParameterValue, "a root key passphrase has at least 12 bytes")
        }
        let salt = RandomSource().bytes(32)
        var json = JSONWriter()
        json.object { json in
            json.member("salt", Hex.string(salt))
            json.member("rounds", cost.rounds)
            json.member("blockSize", cost.blockSize)
            json.member("parallelism", cost.parallelism)
        }
        return (try derive(passphrase, salt, cost), json.bytes)
    }

    package func open(parameters: [UInt8], passphrase: KeyMaterial?) throws(KMSError) -> (any RootKey)? {
        guard let passphrase = passphrase ?? configured else { return nil }
        guard
            let stored = try? JSONParser.parse(parameters),
            let salt = stored["salt"]?.text.flatMap({ Hex.decode(Array($0.utf8)) }),
            let rounds = Self.number(stored["rounds"]),
            let blockSize = Self.number(stored["blockSize"]),
            let parallelism = Self.number(stored["parallelism"])
        else { throw KMSError(.backendFailed, "the stored parameters of the root key are damaged") }
        let cost = PassphraseKey.Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        return try derive(passphrase, salt, cost)
    }

    private func derive(_ passphrase: KeyMaterial, _ salt: [UInt8], _ cost: PassphraseKey.Cost) throws(KMSError)
        -> SoftwareRootKey
    {
        let material: KeyMaterial
        do throws(CryptoError) {
            material = try PassphraseKey.derive(from: passphrase, salt: salt, cost: cost)
        } catch {
            throw KMSError(.backendFailed, "the root key could not be derived", cause: error)
        }
        return try SoftwareRootKey(material)
    }

    private static func number(_ value: JSONValue?) -> Int? {
        guard case .number(let digits) = value else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
