import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An argument that names a moment: `2027-01-31T12:00:00+08:00` or `…Z`; without a zone, that of this machine (or of
/// `TZ`) is meant; a date alone means its first second; and digits alone are the seconds since 1970.
struct Moment: Hashable, Sendable, ExpressibleByArgument {
    /// Since 1970-01-01T00:00:00Z.
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init?(argument: String) {
        if !argument.isEmpty, argument.utf8.allSatisfy({ 48...57 ~= $0 }) {
            guard let seconds = Int64(argument) else { return nil }
            self.seconds = seconds
            return
        }
        let form =
            #/
            ([0-9]{4}) - ([0-9]{2}) - ([0-9]{2})
            (?: T ([0-9]{2}) : ([0-9]{2}) (?: : ([0-9]{2}) )? ( Z | [+\-][0-9]{2}:[0-9]{2} )? )?
            /#
        guard let match = argument.wholeMatch(of: form) else { return nil }
        let date = [match.1, match.2, match.3].compactMap { Int32($0) }
        let time = [match.4, match.5, match.6].map { $0.flatMap { Int32($0) } ?? 0 }
        guard date.count == 3, 0...23 ~= time[0], 0...59 ~= time[1], 0...59 ~= time[2] else { return nil }
        var parts = tm()
        parts.tm_year = date[0] - 1900
        parts.tm_mon = date[1] - 1
        parts.tm_mday = date[2]
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (time[0], time[1], time[2])
        // The library would take the 30th of February for a day of March.
        var normal = parts
        let universal = timegm(&normal)
        guard normal.tm_mday == parts.tm_mday, normal.tm_mon == parts.tm_mon else { return nil }
        guard let zone = match.7 else {
            parts.tm_isdst = -1
            seconds = Int64(mktime(&parts))
            return
        }
        guard let offset = Self.offset(zone) else { return nil }
        seconds = Int64(universal) - offset
    }

    /// In ISO 8601, in UTC: `2026-11-21T13:00:00Z`.
    var universalText: String {
        var moment = time_t(seconds)
        var parts = tm()
        guard gmtime_r(&moment, &parts) != nil else { return String(seconds) }
        func padded(_ number: Int32, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let date = [padded(parts.tm_year + 1900, 4), padded(parts.tm_mon + 1, 2), padded(parts.tm_mday, 2)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
    }

    /// Seconds that a zone, `Z` or `±hh:mm`, is ahead.
    private static func offset(_ zone: Substring) -> Int64? {
        if zone == "Z" { return 0 }
        let numbers = zone.dropFirst().split(separator: ":").compactMap { Int64($0) }
        guard numbers.count == 2, 0...23 ~= numbers[0], 0...59 ~= numbers[1] else { return nil }
        return (zone.first == "-" ? -1 : 1) * (numbers[0] * 3600 + numbers[1] * 60)
    }
}
