/// How a message is encrypted: SM4 with 128-bit keys in one of four modes, with or without a signature.
///
/// The raw values are those of the C header and of the message format.
public struct EnvelopeAlgorithm: RawRepresentable, Hashable, Sendable {
    /// The number of the algorithm, 1 to 8.
    public let rawValue: UInt8

    /// `nil` for any other number than 1 to 8.
    public init?(rawValue: UInt8) {
        guard 1...8 ~= rawValue else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: UInt8) { self.rawValue = rawValue }

    /// CBC with PKCS#7 padding, and HMAC-SM3 over the message.
    public static let sm4CBCWithSignature = EnvelopeAlgorithm(known: 1)

    /// CBC with PKCS#7 padding. Changes of the body go unnoticed.
    public static let sm4CBC = EnvelopeAlgorithm(known: 2)

    /// GCM, and HMAC-SM3 over the message besides.
    public static let sm4GCMWithSignature = EnvelopeAlgorithm(known: 3)

    /// GCM: what to take unless something else is asked for. It authenticates, and is the fastest that does.
    public static let sm4GCM = EnvelopeAlgorithm(known: 4)

    /// CTR, and HMAC-SM3 over the message.
    public static let sm4CTRWithSignature = EnvelopeAlgorithm(known: 5)

    /// CTR. Changes of the body go unnoticed.
    public static let sm4CTR = EnvelopeAlgorithm(known: 6)

    /// ECB with PKCS#7 padding, and HMAC-SM3 over the message. Equal blocks of the plaintext show.
    public static let sm4ECBWithSignature = EnvelopeAlgorithm(known: 7)

    /// ECB with PKCS#7 padding. Equal blocks of the plaintext show, and changes of the body go unnoticed.
    public static let sm4ECB = EnvelopeAlgorithm(known: 8)

    /// All eight, by their numbers.
    public static let all: [EnvelopeAlgorithm] = (1...8).map(EnvelopeAlgorithm.init(known:))

    /// The mode of operation.
    package enum Mode: Sendable { case cbc, gcm, ctr, ecb }

    package var mode: Mode {
        switch (rawValue - 1) / 2 {
        case 0: .cbc
        case 1: .gcm
        case 2: .ctr
        default: .ecb
        }
    }

    /// Whether HMAC-SM3 over the whole message stands at its end.
    public var hasSignature: Bool { rawValue % 2 == 1 }

    /// Whether a change of the message is found out: by a signature, or by GCM's tags.
    public var isAuthenticated: Bool { hasSignature || mode == .gcm }
}

extension EnvelopeAlgorithm: CustomStringConvertible {
    /// The name in the C header, such as `SM4_GCM_128`.
    public var description: String {
        let mode =
            switch mode {
            case .cbc: "CBC"
            case .gcm: "GCM"
            case .ctr: "CTR"
            case .ecb: "ECB"
            }
        return "SM4_\(mode)_128" + (hasSignature ? "_WITH_SIGNATURE" : "")
    }
}
