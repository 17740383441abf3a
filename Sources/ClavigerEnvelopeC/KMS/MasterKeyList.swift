import CKmsEncSdk
import ClavigerEnvelope

/// The text in which C callers keep master keys: `region:keyId`, joined by `;`.
enum MasterKeyList {
    /// How many bytes a caller's buffer has at least, NUL included. Five entries of the largest size fit.
    static let bufferSize = Int(KMS_ENC_SDK_MIN_MASTERKEYS)

    /// - Throws: `.noMasterKey` if the list is empty, `.invalidArgument` if it is no such list.
    static func parse(_ list: UnsafeMutablePointer<CChar>) throws(EnvelopeError) -> [MasterKey] {
        guard let text = CText.read(list, maximum: bufferSize - 1) else { throw malformed }
        guard !text.isEmpty else { throw EnvelopeError(.noMasterKey, "there is no master key") }
        var keys: [MasterKey] = []
        for entry in text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            guard let colon = entry.firstIndex(of: UInt8(ascii: ":")),
                let region = String(entry[..<colon]), let keyID = String(entry[entry.index(after: colon)...])
            else { throw malformed }
            keys.append(try MasterKey(region: region, keyID: keyID))
        }
        guard keys.count <= MasterKey.maximumCount else { throw malformed }
        return keys
    }

    /// Writes the list with its NUL.
    static func write(_ keys: [MasterKey], into list: UnsafeMutablePointer<CChar>) {
        let text = keys.map { "\($0.region):\($0.keyID)" }.joined(separator: ";")
        precondition(text.utf8.count < bufferSize)
        for (index, byte) in text.utf8.enumerated() { list[index] = CChar(bitPattern: byte) }
        list[text.utf8.count] = 0
    }

    /// A master key of a caller's texts.
    static func key(
        region: UnsafeMutablePointer<CChar>, keyID: UnsafeMutablePointer<CChar>
    ) throws(EnvelopeError) -> MasterKey {
        guard let region = CText.read(region, maximum: bufferSize), let keyID = CText.read(keyID, maximum: bufferSize)
        else { throw malformed }
        return try MasterKey(region: region, keyID: keyID)
    }

    private static var malformed: EnvelopeError {
        EnvelopeError(.invalidArgument, "a list of master keys is region:keyId, joined by ';', up to five times")
    }
}
