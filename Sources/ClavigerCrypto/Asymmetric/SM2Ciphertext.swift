/// The parts of an SM2 ciphertext (GB/T 32918.4 section 6.1).
struct SM2Ciphertext {
    private static let coordinateSize = 32
    private static let hashSize = 32

    /// C1, as x and y.
    private let point: [UInt8]
    /// C3, the SM3 hash that authenticates.
    private let hash: [UInt8]
    /// C2, as long as the plaintext.
    let payload: [UInt8]

    /// Parses any of three forms: DER; 04, x, y, C3, C2; the same without 04.
    ///
    /// - Throws: ``CryptoError/notAuthentic`` for what has none of these forms, or a C1 that is not on the curve.
    init(_ ciphertext: [UInt8], on curve: EllipticCurve) throws(CryptoError) {
        if let parsed = Self.fromDER(ciphertext) {
            self = parsed
        } else if ciphertext.first == 4, let parsed = Self.fromOctets(ciphertext.dropFirst()),
            curve.contains(parsed.uncompressedPoint)
        {
            // A point that is written without 04 may begin with 04 too, once in 256.
            self = parsed
        } else if let parsed = Self.fromOctets(ciphertext[...]) {
            self = parsed
        } else {
            throw .notAuthentic
        }
        // OpenSSL would reduce a coordinate that is not below the prime.
        guard curve.contains(uncompressedPoint) else { throw .notAuthentic }
    }

    private init(point: [UInt8], hash: [UInt8], payload: [UInt8]) {
        self.point = point
        self.hash = hash
        self.payload = payload
    }

    /// `SEQUENCE { x INTEGER, y INTEGER, C3 OCTET STRING, C2 OCTET STRING }` (GM/T 0009 section 7.2).
    private static func fromDER(_ ciphertext: [UInt8]) -> SM2Ciphertext? {
        ciphertext.withUnsafeBytes { bytes in
            do throws(CryptoError) {
                var whole = DERReader(bytes)
                var sequence = try whole.enter(.sequence)
                try whole.expectEnd()
                let x = try sequence.readUnsigned()
                let y = try sequence.readUnsigned()
                let hash = try sequence.read(.octetString)
                let payload = try sequence.read(.octetString)
                try sequence.expectEnd()
                guard x.count <= coordinateSize, y.count <= coordinateSize, hash.count == hashSize, !payload.isEmpty
                else { return nil }
                let point =
                    Array(repeating: 0, count: coordinateSize - x.count) + Array(x)
                    + Array(repeating: 0, count: coordinateSize - y.count) + Array(y)
                return SM2Ciphertext(point: point, hash: Array(hash), payload: Array(payload))
            } catch {
                return nil
            }
        }
    }

    private static func fromOctets(_ octets: ArraySlice<UInt8>) -> SM2Ciphertext? {
        guard octets.count > 2 * coordinateSize + hashSize else { return nil }
        let afterPoint = octets.dropFirst(2 * coordinateSize)
        return SM2Ciphertext(
            point: Array(octets.prefix(2 * coordinateSize)), hash: Array(afterPoint.prefix(hashSize)),
            payload: Array(afterPoint.dropFirst(hashSize)))
    }

    /// Whether C2 is the plaintext, which is to say that it was not encrypted.
    func payloadEquals(_ plaintext: UnsafeRawBufferPointer) -> Bool {
        payload.withUnsafeBytes { constantTimeEqual($0, plaintext) }
    }

    private var uncompressedPoint: [UInt8] { [4] + point }

    var der: [UInt8] {
        DER.sequence(
            DER.unsigned(point[..<Self.coordinateSize]), DER.unsigned(point[Self.coordinateSize...]),
            DER.element(.octetString, hash), DER.element(.octetString, payload))
    }

    /// 04, x, y, C3, C2.
    var octets: [UInt8] { uncompressedPoint + hash + payload }
}
