import ClavigerAPI
import ClavigerCrypto

/// The path of a request to the KMS, cut at its slashes before anything is decoded, so that an encoded slash stays within its piece.
struct HuaweiPath {
    private static let version = Array("v1.0".utf8)
    private static let service = Array("kms".utf8)

    /// The project id, decoded; it can be any text.
    let project: String

    /// The pieces behind `kms`, decoded; at least one.
    let pieces: [String]

    /// - Returns: `nil` for a path that is not `/v1.0/{project_id}/kms/…`, has a broken escape, or is no text in UTF-8.
    init?(_ path: ArraySlice<UInt8>) {
        guard path.first == UInt8(ascii: "/") else { return nil }
        let raw = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard raw.count >= 4, raw[0].elementsEqual(Self.version), raw[2].elementsEqual(Self.service),
            let project = Self.decoded(raw[1])
        else { return nil }
        var pieces: [String] = []
        pieces.reserveCapacity(raw.count - 3)
        for piece in raw[3...] {
            guard let text = Self.decoded(piece) else { return nil }
            pieces.append(text)
        }
        self.project = project
        self.pieces = pieces
    }

    private static func decoded(_ piece: ArraySlice<UInt8>) -> String? {
        guard let bytes = PercentEncoding.decode(piece) else { return nil }
        return UTF8Text.isValid(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
