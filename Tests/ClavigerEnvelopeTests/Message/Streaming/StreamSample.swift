import ClavigerCrypto
import ClavigerEnvelope

/// Streams under the key and the header of the samples.
enum StreamSample {
    /// Encrypts all of `source`.
    static func encrypt(
        _ source: any ByteSource, length: UInt64? = nil, _ algorithm: EnvelopeAlgorithm, blockLength: UInt64? = nil,
        into sink: any ByteSink, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) {
        let prepared = try PreparedSource.prepare(source, length: length, progress: progress)
        let header = MessageHeader.sample(algorithm, blockLength: blockLength, plaintextLength: Int(prepared.length))
        let start = try header.encoded()
        let cipher = try MessageCipher(header, headerBytes: start, dataKey: KeyMaterial(SealedSample.dataKey))
        try MessageEncryptor.run(cipher, headerBytes: start, from: prepared, to: sink, progress: progress)
    }

    static func decrypt(
        _ source: any ByteSource, into sink: any ByteSink, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) {
        try MessageDecryptor(source, progress: progress)
            .run(KeyMaterial(SealedSample.dataKey), into: sink, progress: progress)
    }

    /// The code with which decryption ends, and what it has written by then.
    static func outcome(
        _ source: any ByteSource, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) -> (code: EnvelopeError.Code?, bytes: [UInt8]) {
        let sink = MemorySink()
        do throws(EnvelopeError) {
            try decrypt(source, into: sink, progress: progress)
            return (nil, sink.bytes)
        } catch {
            return (error.code, sink.bytes)
        }
    }
}
