import ClavigerCrypto

/// Huawei's signature SDK-HMAC-SHA256 ("AK/SK authentication"): no region, no service and no derived key, the secret itself signs.
///
/// The canonical request is that of Huawei's own SDK for Python (`huaweicloudsdkcore` 3.1.219), found by running it.
package enum SDKHMAC {
    package static let algorithm = "SDK-HMAC-SHA256"

    /// The header with the time of signing, which must be signed itself.
    package static let dateName = "x-sdk-date"

    /// The header with the hash of the body; optional.
    package static let contentHashName = "x-sdk-content-sha256"

    private static let date = Array(dateName.utf8)[...]
    private static let contentHash = Array(contentHashName.utf8)[...]

    /// What is signed of a request, besides its headers; all of it as it was sent.
    package struct Request: Sendable {
        /// In capitals.
        package let method: String

        /// Before the first `?`, undecoded.
        package let path: ArraySlice<UInt8>

        /// Behind the first `?`, undecoded.
        package let query: ArraySlice<UInt8>
        package let body: ArraySlice<UInt8>

        package init(
            method: String, path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, body: ArraySlice<UInt8>
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.body = body
        }
    }

    // MARK: what is signed

    /// The text of all that is signed of the request.
    ///
    /// - Parameters:
    ///   - signedNames: lower-case header names, sorted, joined with `;`.
    ///   - header: the value of a header by its lower-case name; `nil` if it is absent, and if it came more than once.
    /// - Returns: `nil` if a signed header has no value, or `X-Sdk-Content-Sha256` is not the hash of the body in lower-case hexadecimal, as
    ///   `UNSIGNED-PAYLOAD` is none.
    package static func canonicalRequest(
        _ request: Request, signedNames: ArraySlice<UInt8>, header: (ArraySlice<UInt8>) -> String?
    ) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(512 + 2 * request.query.count)
        text.append(contentsOf: request.method.utf8)
        text.append(UInt8(ascii: "\n"))
        appendPath(request.path, to: &text)
        text.append(UInt8(ascii: "\n"))
        appendQuery(request.query, to: &text)
        text.append(UInt8(ascii: "\n"))
        guard CanonicalHeaders.append(signedNames, to: &text, header: header) else { return nil }
        let end = text.count
        request.body.withUnsafeBytes { SHA256Hasher.hash($0) }.appendHex(to: &text)
        if let sent = header(contentHash) {
            guard sent.withTrimmed({ text[end...].elementsEqual($0) }) else { return nil }
        }
        return text
    }

    /// The text whose HMAC is the signature.
    ///
    /// - Parameter date: the value of `X-Sdk-Date`.
    package static func stringToSign(canonicalRequest: [UInt8], date: String) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(112)
        text.append(contentsOf: algorithm.utf8)
        text.append(UInt8(ascii: "\n"))
        date.withTrimmed { text.append(contentsOf: $0) }
        text.append(UInt8(ascii: "\n"))
        canonicalRequest.withUnsafeBytes { SHA256Hasher.hash($0) }.appendHex(to: &text)
        return text
    }

    /// The signature of a request.
    ///
    /// - Returns: `nil` where there is no canonical request, or no date.
    static func code(
        for request: Request, signedNames: ArraySlice<UInt8>, secret: KeyMaterial,
        header: (ArraySlice<UInt8>) -> String?
    ) -> Digest32? {
        guard let date = header(Self.date),
            let canonical = canonicalRequest(request, signedNames: signedNames, header: header)
        else { return nil }
        let text = stringToSign(canonicalRequest: canonical, date: date)
        return text.withUnsafeBytes { HMACSHA256(key: secret).code(for: $0) }
    }

    /// Seconds since 1970 of a moment as `YYYYMMDDTHHMMSSZ` in UTC; `nil` if it is written otherwise or no calendar has it. There are no leap seconds.
    package static func timestamp(of text: String) -> Int64? {
        var text = text
        return text.withUTF8 { CalendarMoment($0, form: "00000000T000000Z")?.seconds }
    }

    // MARK: the parts

    /// The path: decoded as a whole, its pieces encoded again, and `/` at its end. So `a%2Fb` counts as two pieces.
    ///
    /// A `%` that no two hexadecimal digits follow stands for itself. What is no UTF-8 when it is decoded is encoded as the bytes that it is; the SDK,
    /// whose paths are text, never sends any.
    private static func appendPath(_ path: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var rest = path
        while let byte = nextDecoded(&rest) {
            if byte == UInt8(ascii: "/") { text.append(byte) } else { CanonicalQuery.appendEncoded(byte, to: &text) }
        }
        // The method and a line feed stand before it, so there is a last byte in any case.
        if text.last != UInt8(ascii: "/") { text.append(UInt8(ascii: "/")) }
    }

    /// The query: its pairs decoded, sorted by name and then by value as bytes, and encoded again. A `+` is no blank, and a name without `=` has an
    /// empty value.
    private static func appendQuery(_ query: ArraySlice<UInt8>, to text: inout [UInt8]) {
        guard !query.isEmpty else { return }
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        for part in Parts(query, separator: "&") where !part.isEmpty {
            let end = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            pairs.append((decoded(part[..<end]), decoded(part[end...].dropFirst())))
        }
        CanonicalQuery.append(pairs, to: &text)
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = nextDecoded(&rest) { bytes.append(byte) }
        return bytes
    }

    /// Takes a byte, or the three that stand for one.
    private static func nextDecoded(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let byte = rest.popFirst() else { return nil }
        guard byte == UInt8(ascii: "%"), rest.count >= 2, let high = Hex.value(rest[rest.startIndex]),
            let low = Hex.value(rest[rest.startIndex + 1])
        else { return byte }
        rest = rest.dropFirst(2)
        return high << 4 | low
    }
}
