/// The bytes that hide an SM2 plaintext: hashes of the shared point and a counter from 1 on (GB/T 32918.4 section 5.4.3).
struct SM2KeyStream {
    /// Has hashed x and y of the point, which are just one block, so that every hash of the stream takes one step.
    private var prefix = SM3()
    private var counter: UInt32 = 0
    private var seen: UInt8 = 0

    /// - Parameter point: x and y.
    init(point: UnsafeRawBufferPointer) { prefix.update(point) }

    /// Whether all bytes so far were zero, which would leave the plaintext as it is.
    var isZero: Bool { seen == 0 }

    /// Combines `input` with the stream's next bytes. The next call goes on right only after a multiple of 32 bytes.
    mutating func apply(to input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        for start in stride(from: 0, to: input.count, by: Digest32.size) {
            let count = min(Digest32.size, input.count - start)
            var block = next()
            seen |= block.withUnsafeBytes { block in
                // Every byte is looked at: when the first that is not zero comes is a secret.
                var seen: UInt8 = 0
                for index in 0..<count {
                    seen |= block[index]
                    output[start + index] = input[start + index] ^ block[index]
                }
                return seen
            }
            block.wipe()
        }
    }

    mutating func wipe() {
        prefix.wipe()
        seen = 0
    }

    private mutating func next() -> Digest32 {
        counter &+= 1
        var hash = prefix
        withUnsafeBytes(of: counter.bigEndian) { hash.update($0) }
        return hash.finalize()
    }
}
