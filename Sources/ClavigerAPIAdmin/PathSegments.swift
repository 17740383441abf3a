import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The segments of a path, decoded one by one (RFC 3986, sections 2.1 and 3.3), so that an escaped slash is part of a name.
enum PathSegments {
    /// - Parameter path: what follows ``Admin/prefix``.
    /// - Returns: `nil` if a segment is empty: no path here has such.
    /// - Throws: `.invalidParameter` for a broken escape or what is no UTF-8.
    static func decode(_ path: ArraySlice<UInt8>) throws(KMSError) -> [String]? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !part.isEmpty else { return nil }
            segments.append(try segment(part))
        }
        return segments
    }

    private static func segment(_ part: ArraySlice<UInt8>) throws(KMSError) -> String {
        guard let bytes = PercentEncoding.decode(part) else {
            throw KMSError(.invalidParameter, "a percent sign is followed by two hexadecimal digits")
        }
        guard UTF8Text.isValid(bytes) else { throw KMSError(.invalidParameter, "paths are text in UTF-8") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
