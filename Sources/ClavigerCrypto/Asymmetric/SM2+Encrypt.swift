extension SM2 {
    /// By how many bytes a ciphertext is longer than its plaintext, at most. It is 116 really: two INTEGERs of 35, C3's 34, and two
    /// headers of 6.
    package static let ciphertextOverhead = 128

    /// Encrypts to a point and writes `SEQUENCE { x INTEGER, y INTEGER, C3 OCTET STRING, C2 OCTET STRING }` in DER (GM/T 0009
    /// section 7.2) into `ciphertext`, which has room for ``ciphertextOverhead`` bytes more than the plaintext and does not overlap it.
    ///
    /// - Returns: the size of the ciphertext.
    /// - Throws: ``CryptoError/malformed`` if `plaintext` is empty, there is not that room, or `point` is not a point of the curve.
    package static func encrypt(
        _ plaintext: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer,
        into ciphertext: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) -> Int {
        guard !plaintext.isEmpty, ciphertext.count - ciphertextOverhead >= plaintext.count else { throw .malformed }
        let (curve, recipient) = try curve(with: point)
        while true {
            let size = try withRandomScalar { scalar, first throws(CryptoError) in
                try encrypt(plaintext, to: recipient, on: curve, scalar: scalar, first: first, into: ciphertext)
            }
            // GB/T 32918.4 section 6.1, step A5: if all that the key derivation gave is zero, take another random number. For a
            // plaintext of one byte that happens once in 256.
            if let size { return size }
        }
    }

    /// Encrypts with this random scalar, whose point is `first`; `nil` if the key stream is zero.
    static func encrypt(
        _ plaintext: UnsafeRawBufferPointer, to recipient: [UInt8], on curve: EllipticCurve,
        scalar: UnsafeRawBufferPointer, first: [UInt8], into ciphertext: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) -> Int? {
        let numbers = first.dropFirst(prefixSize)
        let beforeHash =
            DER.unsigned(numbers.prefix(pointSize / 2)) + DER.unsigned(numbers.suffix(pointSize / 2))
            + header(.octetString, Digest32.size)
        let beforePayload = header(.octetString, plaintext.count)
        let contentSize = beforeHash.count + Digest32.size + beforePayload.count + plaintext.count

        var written = 0
        func append(_ bytes: [UInt8]) {
            UnsafeMutableRawBufferPointer(rebasing: ciphertext[written...]).copyBytes(from: bytes)
            written += bytes.count
        }
        func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
            defer { written += count }
            return UnsafeMutableRawBufferPointer(rebasing: ciphertext[written..<written + count])
        }
        append(header(.sequence, contentSize))
        append(beforeHash)
        let hash = reserve(Digest32.size)
        append(beforePayload)
        let payload = reserve(plaintext.count)

        return try withSharedPoint(recipient, on: curve, scalar: scalar) { shared in
            var stream = SM2KeyStream(point: shared)
            defer { stream.wipe() }
            stream.apply(to: plaintext, into: payload)
            guard !stream.isZero else { return nil }
            authenticator(of: plaintext, shared).withUnsafeBytes { hash.copyMemory(from: $0) }
            return written
        }
    }

    private static func header(_ tag: DER.Tag, _ count: Int) -> [UInt8] { [tag.rawValue] + DER.length(count) }

    /// Gives `body` the x and y of `point` (04, x, y) times `scalar`.
    static func withSharedPoint<Result>(
        _ point: [UInt8], on curve: EllipticCurve, scalar: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(CryptoError) -> Result {
        try withTemporarySecret(prefixSize + pointSize) { product throws(CryptoError) in
            try ForkGate.hold { () throws(CryptoError) in try curve.multiply(point, by: scalar, into: product) }
            return body(UnsafeRawBufferPointer(rebasing: product[prefixSize...]))
        }
    }

    /// C3: the hash of the shared point's x, the plaintext and its y.
    static func authenticator(of plaintext: UnsafeRawBufferPointer, _ shared: UnsafeRawBufferPointer) -> Digest32 {
        let half = pointSize / 2
        return SM3.hash(
            UnsafeRawBufferPointer(rebasing: shared[..<half]), plaintext,
            UnsafeRawBufferPointer(rebasing: shared[half...]))
    }
}
