package import ClavigerCrypto

/// Tencent's signature TC3-HMAC-SHA256 (API 2019-01-18, common parameters, "signature v3").
package enum TC3 {
    package static let algorithm = "TC3-HMAC-SHA256"

    /// The value of `X-TC-Content-SHA256` that leaves the body out of the signature.
    package static let unsignedPayload = "UNSIGNED-PAYLOAD"

    /// What is signed of a request, besides its headers.
    package struct Request: Sendable {
        package let method: String

        /// The canonical URI: `/` in Tencent's API, the path exactly as sent in our own.
        package let path: ArraySlice<UInt8>

        /// The query exactly as sent; empty for POST in Tencent's API.
        package let query: ArraySlice<UInt8>
        package let timestamp: Int64

        /// What takes the payload's place: the body, or ``TC3/unsignedPayload``.
        package let payload: ArraySlice<UInt8>

        /// The path of everything in Tencent's API.
        package static let root = ArraySlice("/".utf8)

        package init(
            method: String, path: ArraySlice<UInt8> = root, query: ArraySlice<UInt8>, timestamp: Int64,
            payload: ArraySlice<UInt8>
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.timestamp = timestamp
            self.payload = payload
        }
    }

    /// The day of `timestamp` in UTC, as `YYYY-MM-DD`; moments outside the years 1970 to 9999 count as the nearest within.
    package static func date(of timestamp: Int64) -> [UInt8] {
        let timestamp = min(max(timestamp, 0), 253_402_300_799)
        // Days to civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let days = timestamp / 86400 + 719468
        let era = days / 146097
        let dayOfEra = days - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        var text: [UInt8] = []
        text.reserveCapacity(10)
        for place: Int64 in [1000, 100, 10, 1] { text.append(48 + UInt8(year / place % 10)) }
        text.append(UInt8(ascii: "-"))
        for place: Int64 in [10, 1] { text.append(48 + UInt8(month / place % 10)) }
        text.append(UInt8(ascii: "-"))
        for place: Int64 in [10, 1] { text.append(48 + UInt8(day / place % 10)) }
        return text
    }

    /// The key of one day and service, with its hash blocks computed.
    package static func signingKey(secret: KeyMaterial, date: ArraySlice<UInt8>, service: ArraySlice<UInt8>)
        -> HMACSHA256
    {
        secret.withUnsafeBytes { secret in
            withTemporarySecret(3 + secret.count) { prefixed in
                prefixed.copyBytes(from: Array("TC3".utf8))
                UnsafeMutableRawBufferPointer(rebasing: prefixed[3...]).copyMemory(from: secret)
                let day = date.withUnsafeBytes { HMACSHA256(key: UnsafeRawBufferPointer(prefixed)).code(for: $0) }
                let ofService = day.withUnsafeBytes { day in
                    service.withUnsafeBytes { HMACSHA256(key: day).code(for: $0) }
                }
                let key = ofService.withUnsafeBytes { ofService in
                    Array("tc3_request".utf8).withUnsafeBytes { HMACSHA256(key: ofService).code(for: $0) }
                }
                return key.withUnsafeBytes { HMACSHA256(key: $0) }
            }
        }
    }

    /// The text of all that is signed of the request.
    ///
    /// - Parameters:
    ///   - signedNames: lower-case header names, sorted, joined with `;`.
    ///   - lowercasingValues: whether header values count in lower case, as the documents demand.
    ///   - header: the value of a header by its lower-case name.
    /// - Returns: `nil` if a signed header is absent.
    package static func canonicalRequest(
        _ request: Request,
        signedNames: ArraySlice<UInt8>,
        lowercasingValues: Bool = true,
        header: (ArraySlice<UInt8>) -> String?
    ) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(384 + request.query.count)
        text.append(contentsOf: request.method.utf8)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: request.path)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: request.query)
        text.append(UInt8(ascii: "\n"))
        for name in Parts(signedNames, separator: ";") {
            guard let value = header(name) else { return nil }
            text.append(contentsOf: name)
            text.append(UInt8(ascii: ":"))
            appendTrimmed(value, lowercasing: lowercasingValues, to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: signedNames)
        text.append(UInt8(ascii: "\n"))
        appendHexadecimalHash(of: request.payload, to: &text)
        return text
    }

    /// The text whose HMAC is the signature.
    package static func stringToSign(
        canonicalRequest: [UInt8], timestamp: Int64, date: ArraySlice<UInt8>, service: ArraySlice<UInt8>
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(160)
        text.append(contentsOf: algorithm.utf8)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: String(timestamp).utf8)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: date)
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: service)
        text.append(contentsOf: "/tc3_request\n".utf8)
        appendHexadecimalHash(of: canonicalRequest[...], to: &text)
        return text
    }

    private static func appendHexadecimalHash(of bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        bytes.withUnsafeBytes { SHA256Hasher.hash($0) }.appendHex(to: &text)
    }

    private static func appendTrimmed(_ value: String, lowercasing: Bool, to text: inout [UInt8]) {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var value = value
        value.withUTF8 { bytes in
            var start = 0
            var end = bytes.count
            while start < end, isSpace(bytes[start]) { start += 1 }
            while end > start, isSpace(bytes[end - 1]) { end -= 1 }
            for byte in bytes[start..<end] {
                text.append(lowercasing && 65...90 ~= byte ? byte | 0x20 : byte)
            }
        }
    }
}
