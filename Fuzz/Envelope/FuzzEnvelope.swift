import ClavigerCrypto
import ClavigerEnvelope

private let dataKey = KeyMaterial([UInt8](repeating: 7, count: 16))

/// No bytes crash what reads messages, and memory and streams agree about them. The first byte says whether the rest is a message, or
/// what one is made from and then changed.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzEnvelope(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first else { return 0 }
    if kind % 2 == 0 {
        compare(Array(bytes.dropFirst()))
    } else {
        make(from: bytes.dropFirst())
    }
    return 0
}

/// Makes a message, opens it, changes a byte and opens it again. Two bytes choose algorithm and blocks, three what is changed and how.
private func make(from bytes: ArraySlice<UInt8>) {
    guard bytes.count > 5 else { return }
    let choice = Array(bytes.prefix(5))
    let plaintext = Array(bytes.dropFirst(5))
    let header = MessageHeader(
        algorithm: EnvelopeAlgorithm.all[Int(choice[0] % 8)], encryptionContext: "",
        dataKeys: [EncryptedDataKey(region: "r", keyID: "k", ciphertext: "c")],
        blockLength: choice[1] == 0 ? nil : UInt64(choice[1]), messageID: Array(0..<16),
        plaintextLength: UInt64(plaintext.count))
    guard var message = try? header.encoded(), let restSize = header.restSize,
        let cipher = try? MessageCipher(header, headerBytes: message, dataKey: dataKey)
    else { fatalError("a header that is as it should be is written") }
    let headerSize = message.count
    message += [UInt8](repeating: 0, count: Int(restSize))
    message.withUnsafeMutableBytes { message in
        plaintext.withUnsafeBytes {
            cipher.seal($0, into: UnsafeMutableRawBufferPointer(rebasing: message[headerSize...]))
        }
    }
    precondition(compare(message) == plaintext, "what was sealed opens")

    let place = (Int(choice[2]) << 8 | Int(choice[3])) % message.count
    message[place] ^= choice[4]
    let opened = compare(message)
    if choice[4] != 0, header.algorithm.isAuthenticated {
        // The algorithm stands in the header as well, and one that does not authenticate may be made of one that does: under other keys.
        precondition(opened == nil || opened != plaintext, "no change of an authenticated message goes unnoticed")
    }
    compare(Array(message.prefix(place)))
}

/// Opens a message in memory and as streams of several kinds.
@discardableResult
private func compare(_ message: [UInt8]) -> [UInt8]? {
    let (code, plaintext) = open(message)
    for (isFile, length) in [(true, UInt64(message.count)), (false, UInt64(message.count)), (true, nil), (false, nil)] {
        let sink = Collector()
        let source = Bytes(message, length: length, canRewind: isFile)
        var streamed: EnvelopeError.Code?
        do throws(EnvelopeError) { try MessageDecryptor(source).run(dataKey, into: sink) } catch {
            streamed = error.code
        }
        // Where the length is not known, GCM's tags are checked before the end is seen.
        precondition(length == nil ? (streamed == nil) == (code == nil) : streamed == code, "memory and streams agree")
        if let plaintext { precondition(sink.bytes == plaintext, "memory and streams open the same") }
    }
    return plaintext
}

private func open(_ message: [UInt8]) -> (code: EnvelopeError.Code?, plaintext: [UInt8]?) {
    do throws(EnvelopeError) {
        let (header, size) = try message.withBytes { bytes throws(EnvelopeError) in try MessageHeader.parse(bytes) }
        let cipher = try MessageCipher(header, headerBytes: Array(message[..<size]), dataKey: dataKey)
        var plaintext = [UInt8](repeating: 0xEE, count: Int(header.plaintextLength))
        var failure: EnvelopeError?
        message.withUnsafeBytes { message in
            plaintext.withUnsafeMutableBytes { plaintext in
                do throws(EnvelopeError) {
                    try cipher.open(UnsafeRawBufferPointer(rebasing: message[size...]), into: plaintext)
                } catch {
                    failure = error
                }
            }
        }
        if failure?.code == .notAuthentic {
            precondition(plaintext.allSatisfy { $0 == 0xEE }, "nothing that is not authentic is written")
        }
        if let failure { throw failure }
        return (nil, plaintext)
    } catch {
        return (error.code, nil)
    }
}

private final class Bytes: ByteSource {
    private let bytes: [UInt8]
    private var position = 0
    let length: UInt64?
    let canRewind: Bool

    init(_ bytes: [UInt8], length: UInt64?, canRewind: Bool) {
        self.bytes = bytes
        self.length = length
        self.canRewind = canRewind
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<(position + count)])
        position += count
        return count
    }

    func rewind() { position = 0 }
}

private final class Collector: ByteSink {
    private(set) var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
}
