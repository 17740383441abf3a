import ClavigerCrypto

extension KMSService {
    /// Gets a new data key from the first master key that can make one, and has it encrypted by the others.
    ///
    /// A master key that made none is asked to encrypt like the others, unless nobody answers for it. One that cannot encrypt is
    /// left out.
    ///
    /// - Returns: the data key, and when it was there by ``KMSClock/elapsed``.
    /// - Throws: ``EnvelopeError/Code/dataKeyNotGenerated`` if no master key made a data key, or
    ///   ``EnvelopeError/Code/wrongDataKeySize`` if one made a data key of a wrong size and none a right one;
    ///   ``EnvelopeError/Code/dataKeyNotEncrypted`` if an answer for one of the others says success and cannot be used.
    func newDataKey(
        under masterKeys: [MasterKey], context: String, credentials: KMSCredentials
    ) throws(EnvelopeError) -> (key: DataKey, madeAt: Duration) {
        var failures: [(masterKey: MasterKey, failure: KMSFailure)] = []
        for (index, masterKey) in masterKeys.enumerated() {
            let made: (plaintext: KeyMaterial, wrapped: EncryptedDataKey)
            do throws(KMSFailure) {
                made = try generateDataKey(under: masterKey, context: context, credentials: credentials)
            } catch {
                failures.append((masterKey, error))
                continue
            }
            let madeAt = clock.elapsed()
            var wrapped: [EncryptedDataKey] = []
            for (other, masterKey) in masterKeys.enumerated() {
                if other == index {
                    wrapped.append(made.wrapped)
                } else if other > index || !failures[other].failure.isUnreachable {
                    let encrypted = try encryptIfPossible(
                        made.plaintext, under: masterKey, context: context, credentials: credentials)
                    if let encrypted { wrapped.append(encrypted) }
                }
            }
            return (DataKey(plaintext: made.plaintext, wrapped: wrapped), madeAt)
        }
        throw Self.error(
            failures.contains { $0.failure == .wrongDataKeySize } ? .wrongDataKeySize : .dataKeyNotGenerated,
            "no master key could generate a data key",
            failures.map { ($0.masterKey.region, $0.masterKey.keyID, $0.failure) })
    }

    /// `nil` if the KMS cannot encrypt under this master key.
    private func encryptIfPossible(
        _ dataKey: KeyMaterial, under masterKey: MasterKey, context: String, credentials: KMSCredentials
    ) throws(EnvelopeError) -> EncryptedDataKey? {
        do throws(KMSFailure) {
            return try encrypt(dataKey, under: masterKey, context: context, credentials: credentials)
        } catch {
            switch error {
            case .unreachable, .failed, .refused: return nil
            case .unusable, .wrongDataKeySize:
                throw Self.error(
                    .dataKeyNotEncrypted, "the data key was not encrypted",
                    [(masterKey.region, masterKey.keyID, error)])
            }
        }
    }

    /// An error that says for each master key what was wrong.
    static func error(
        _ code: EnvelopeError.Code, _ summary: String, _ failures: [(region: String, keyID: String, why: KMSFailure)]
    ) -> EnvelopeError {
        let details = failures.map { "\(printable($0.region))/\(printable($0.keyID)) \($0.why)" }
        return EnvelopeError(code, "\(summary): \(details.joined(separator: "; "))")
    }

    /// A name that may come from a message that somebody made up, so that it can be shown on a terminal.
    private static func printable(_ name: String) -> String {
        name.utf8.allSatisfy(AddressTemplate.isNameCharacter) ? name : "(unprintable)"
    }
}

extension KMSFailure {
    fileprivate var isUnreachable: Bool {
        switch self {
        case .unreachable: true
        case .failed, .refused, .unusable, .wrongDataKeySize: false
        }
    }
}
