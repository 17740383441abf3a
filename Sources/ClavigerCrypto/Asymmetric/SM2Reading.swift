/// One way to read bytes as an SM2 ciphertext (GB/T 32918.4 section 6.1). It points into them.
///
/// Only C3 tells which of several readings is right: x may begin with 04 as the longer form does, or with 30 as DER does.
struct SM2Reading {
    private static let coordinateSize = SM2.pointSize / 2

    /// C1, as 04, x, y; nobody has looked whether it is on the curve.
    let point: [UInt8]
    /// C3, the SM3 hash that authenticates.
    let hash: UnsafeRawBufferPointer
    /// C2, as long as the plaintext.
    let payload: UnsafeRawBufferPointer

    /// The readings that the sizes allow, in this order: DER; 04, x, y, C3, C2; the same without 04.
    static func all(of ciphertext: UnsafeRawBufferPointer) -> [SM2Reading] {
        let uncompressed: UInt8 = 4
        let rest = ciphertext.dropFirst(SM2.prefixSize)
        return [
            fromDER(ciphertext),
            ciphertext.first == uncompressed ? fromOctets(UnsafeRawBufferPointer(rebasing: rest)) : nil,
            fromOctets(ciphertext),
        ].compactMap(\.self)
    }

    /// `SEQUENCE { x INTEGER, y INTEGER, C3 OCTET STRING, C2 OCTET STRING }` (GM/T 0009 section 7.2).
    private static func fromDER(_ ciphertext: UnsafeRawBufferPointer) -> SM2Reading? {
        do throws(CryptoError) {
            var whole = DERReader(ciphertext)
            var sequence = try whole.enter(.sequence)
            try whole.expectEnd()
            let x = try sequence.readUnsigned()
            let y = try sequence.readUnsigned()
            let hash = try sequence.read(.octetString)
            let payload = try sequence.read(.octetString)
            try sequence.expectEnd()
            guard x.count <= coordinateSize, y.count <= coordinateSize, hash.count == Digest32.size, !payload.isEmpty
            else { return nil }
            return SM2Reading(point: [4] + padded(x) + padded(y), hash: hash, payload: payload)
        } catch {
            return nil
        }
    }

    private static func padded(_ number: UnsafeRawBufferPointer) -> [UInt8] {
        Array(repeating: 0, count: coordinateSize - number.count) + Array(number)
    }

    private static func fromOctets(_ octets: UnsafeRawBufferPointer) -> SM2Reading? {
        let start = SM2.pointSize + Digest32.size
        guard octets.count > start else { return nil }
        return SM2Reading(
            point: [4] + Array(octets[..<SM2.pointSize]),
            hash: UnsafeRawBufferPointer(rebasing: octets[SM2.pointSize..<start]),
            payload: UnsafeRawBufferPointer(rebasing: octets[start...]))
    }
}
