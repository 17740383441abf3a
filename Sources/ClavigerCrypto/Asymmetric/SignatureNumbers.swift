/// The two numbers of an ECDSA or SM2 signature, each in `size` bytes, big-endian.
struct SignatureNumbers {
    /// r and s one after the other.
    let raw: [UInt8]
    private let size: Int

    /// Takes a signature in either form apart; `nil` for what is no such signature. The range of the numbers is not checked.
    init?(_ signature: [UInt8], _ encoding: SignatureEncoding, size: Int) {
        switch encoding {
        case .raw:
            guard signature.count == 2 * size else { return nil }
            raw = signature
        case .der:
            let numbers: [UInt8]? = signature.withUnsafeBytes { bytes in
                do throws(CryptoError) {
                    var whole = DERReader(bytes)
                    var sequence = try whole.enter(.sequence)
                    try whole.expectEnd()
                    let r = try sequence.readUnsigned()
                    let s = try sequence.readUnsigned()
                    try sequence.expectEnd()
                    guard r.count <= size, s.count <= size else { return nil }
                    return Array(repeating: 0, count: size - r.count) + Array(r)
                        + Array(repeating: 0, count: size - s.count) + Array(s)
                } catch {
                    return nil
                }
            }
            guard let numbers else { return nil }
            raw = numbers
        }
        self.size = size
    }

    var der: [UInt8] { DER.sequence(DER.unsigned(raw[..<size]), DER.unsigned(raw[size...])) }

    func encoded(_ encoding: SignatureEncoding) -> [UInt8] {
        switch encoding {
        case .der: der
        case .raw: raw
        }
    }
}
