import ClavigerCrypto

/// A signed statement of where the chain stood: every record up to `sequence` is what it was when this was signed.
struct Checkpoint: Hashable, Sendable {
    /// Separates these signatures from all others that the key could make.
    private static let label = "claviger-audit-checkpoint-v1"

    static let linePrefix = Array(#"{"checkpoint":"#.utf8)

    /// The last record before the checkpoint; zero before the first record.
    let sequence: UInt64

    /// The chain's 32 bytes after that record.
    let link: [UInt8]

    /// Microseconds since 1970-01-01 UTC.
    let time: Int64
    let keyID: [UInt8]
    let signature: [UInt8]

    init(sequence: UInt64, link: [UInt8], time: Int64, keyID: [UInt8], signature: [UInt8]) {
        self.sequence = sequence
        self.link = link
        self.time = time
        self.keyID = keyID
        self.signature = signature
    }

    /// The checkpoint that a line holds, or `nil` if the line differs by any byte from what ``line`` would give.
    init?(line: UnsafeRawBufferPointer) {
        var rest = LineScanner(line)
        guard rest.skip(#"{"checkpoint":{"seq":"#), let sequence = rest.number(),
            rest.skip(#","link":""#), let link = rest.hex(32),
            rest.skip(#"","time":"#), let time = rest.number(),
            rest.skip(#","key":""#), let keyID = rest.hex(8),
            rest.skip(#""},"signature":""#), let text = rest.take(88), let signature = try? Base64.decode(text),
            rest.skip(#""}"#), rest.isAtEnd
        else { return nil }
        self.init(sequence: sequence, link: link, time: Int64(time), keyID: keyID, signature: signature)
        guard self.line.elementsEqual(line) else { return nil }
    }

    /// The JSON text, without a newline.
    var line: [UInt8] {
        let text =
            #"{"checkpoint":{"seq":\#(sequence),"link":"\#(Hex.string(link))","time":\#(time),"key":"\#(Hex.string(keyID))"},"#
            + #""signature":"\#(Base64.string(signature))"}"#
        return Array(text.utf8)
    }

    /// What is signed: the label, then sequence, link and time.
    static func message(sequence: UInt64, link: [UInt8], time: Int64) -> [UInt8] {
        var message = Array(label.utf8)
        message.appendBigEndian(sequence)
        message.append(contentsOf: link)
        message.appendBigEndian(time)
        return message
    }

    func isSigned(by key: AuditPublicKey) -> Bool {
        keyID == key.id
            && key.isValidSignature(signature, of: Self.message(sequence: sequence, link: link, time: time))
    }
}
