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
        for name in Parts(signedNames, separator: ";") {
            guard let value = header(name) else { return nil }
            text.append(contentsOf: name)
            text.append(UInt8(ascii: ":"))
            withTrimmed(value) { text.append(contentsOf: $0) }
            text.append(UInt8(ascii: "\n"))
        }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: signedNames)
        text.append(UInt8(ascii: "\n"))
        let end = text.count
        request.body.withUnsafeBytes { SHA256Hasher.hash($0) }.appendHex(to: &text)
        if let sent = header(contentHash) {
            guard withTrimmed(sent, { text[end...].elementsEqual($0) }) else { return nil }
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
        withTrimmed(date) { text.append(contentsOf: $0) }
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
        return text.withUTF8 { text in
            guard text.count == 16, text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: "Z") else { return nil }
            var isNumber = true
            func number(_ range: Range<Int>) -> Int64 {
                text[range].reduce(0) { number, digit in
                    if !(48...57).contains(digit) { isNumber = false }
                    return number * 10 + Int64(digit) - 48
                }
            }
            let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
            let (hour, minute, second) = (number(9..<11), number(11..<13), number(13..<15))
            guard isNumber, (1...12).contains(month), day >= 1, day <= days(in: month, of: year), hour < 24,
                minute < 60, second < 60
            else { return nil }
            return days(before: day, month, year) * 86400 + hour * 3600 + minute * 60 + second
        }
    }

    // MARK: the parts

    /// The path: decoded as a whole, its pieces encoded again, and `/` at its end. So `a%2Fb` counts as two pieces.
    ///
    /// A `%` that no two hexadecimal digits follow stands for itself. What is no UTF-8 when it is decoded is encoded as the bytes that it is; the SDK,
    /// whose paths are text, never sends any.
    private static func appendPath(_ path: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var rest = path
        while let byte = nextDecoded(&rest) {
            if byte == UInt8(ascii: "/") { text.append(byte) } else { appendEncoded(byte, to: &text) }
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
        pairs.sort { first, second in
            first.name == second.name
                ? first.value.lexicographicallyPrecedes(second.value)
                : first.name.lexicographicallyPrecedes(second.name)
        }
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            for byte in pair.name { appendEncoded(byte, to: &text) }
            text.append(UInt8(ascii: "="))
            for byte in pair.value { appendEncoded(byte, to: &text) }
        }
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

    private static func appendEncoded(_ byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            text.append(byte)
        default:
            text.append(UInt8(ascii: "%"))
            text.append(capitalDigit(byte >> 4))
            text.append(capitalDigit(byte & 15))
        }
    }

    private static func capitalDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 + nibble : 55 + nibble }

    /// Gives `body` a header's value without the blanks and tabs at its ends.
    private static func withTrimmed<Result>(
        _ value: String, _ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Result
    ) -> Result {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var value = value
        return value.withUTF8 { bytes in
            var start = 0
            var end = bytes.count
            while start < end, isBlank(bytes[start]) { start += 1 }
            while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            return body(bytes[start..<end])
        }
    }

    // MARK: the calendar

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 to a date. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func days(before day: Int64, _ month: Int64, _ year: Int64) -> Int64 {
        // Years begin in March, so that the leap day is the last. The year before year 0 is of the era before.
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146097 + dayOfEra - 719468
    }
}
