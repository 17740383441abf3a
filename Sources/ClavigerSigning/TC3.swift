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
        let moment = CalendarMoment(seconds: max(timestamp, 0))
        return [UInt8](unsafeUninitializedCapacity: 10) { buffer, initialized in
            moment.write(form: "0000-00-00", to: buffer)
            initialized = 10
        }
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
            value.withTrimmed { value in
                if lowercasingValues {
                    for byte in value { text.append(65...90 ~= byte ? byte | 0x20 : byte) }
                } else {
                    text.append(contentsOf: value)
                }
            }
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
}
