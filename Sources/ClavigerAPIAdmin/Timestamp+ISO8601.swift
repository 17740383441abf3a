import ClavigerCore
import ClavigerSigning

extension Timestamp {
    /// The moment as in `2026-11-21T13:00:00Z` (ISO 8601, RFC 3339), for the years 1970 to 9999.
    var iso8601: String {
        let second = min(max(seconds, 0), 253_402_300_799) % 86400
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = String(decoding: TC3.date(of: seconds), as: UTF8.self)
        return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// Reads `2026-11-21T13:00:00Z`, the same with an offset such as `+08:00`, a date alone (its midnight in UTC), or seconds since 1970.
    init?(iso8601 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.count <= 12, bytes.allSatisfy({ 48...57 ~= $0 }) {
            self.init(seconds: Self.number(bytes[...]) ?? 0)
            return
        }
        guard
            bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), 1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day
        else { return nil }
        let midnight = Self.days(year, month, day) * 86400
        // A day that the month does not have would be written as one of the next.
        guard TC3.date(of: midnight).elementsEqual(bytes[..<10]) else { return nil }
        guard bytes.count > 10 else {
            self.init(seconds: midnight)
            return
        }
        guard
            bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            hour < 24, minute < 60, second < 60, let offset = Self.offset(bytes[19...])
        else { return nil }
        self.init(seconds: midnight + hour * 3600 + minute * 60 + second - offset)
    }

    /// Seconds that `Z` or `+08:00` is ahead of UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        if text.elementsEqual("Z".utf8) { return 0 }
        let start = text.startIndex
        guard
            text.count == 6, text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"),
            text[start + 3] == UInt8(ascii: ":"), let hours = number(text[(start + 1)..<(start + 3)]),
            let minutes = number(text[(start + 4)...]), hours < 24, minutes < 60
        else { return nil }
        return (text[start] == UInt8(ascii: "+") ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        digits.allSatisfy { 48...57 ~= $0 } ? Int64(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// Civil date to days since 1970: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }
}
