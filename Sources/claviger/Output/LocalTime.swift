#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Moments as people read them: ISO 8601 in the zone of this machine (or of `TZ`).
enum LocalTime {
    static func text(seconds: Int64) -> String { text(seconds: seconds, fraction: "") }

    /// A moment in the words of the server's administration, `2026-11-21T13:00:00Z`; what is none stays as it is.
    static func text(universal text: String) -> String {
        Moment(argument: text).map { self.text(seconds: $0.seconds) } ?? text
    }

    /// With milliseconds.
    static func text(microseconds: Int64) -> String {
        let seconds = Int64((Double(microseconds) / 1_000_000).rounded(.down))
        return text(seconds: seconds, fraction: "." + padded(Int(microseconds - seconds * 1_000_000) / 1000, 3))
    }

    private static func text(seconds: Int64, fraction: String) -> String {
        var moment = time_t(seconds)
        var local = tm()
        guard localtime_r(&moment, &local) != nil else { return String(seconds) }
        let offset = Int(local.tm_gmtoff) / 60
        let zone = (offset < 0 ? "-" : "+") + padded(abs(offset) / 60, 2) + ":" + padded(abs(offset) % 60, 2)
        let date = [
            padded(Int(local.tm_year) + 1900, 4), padded(Int(local.tm_mon) + 1, 2), padded(Int(local.tm_mday), 2),
        ]
        let time = [Int(local.tm_hour), Int(local.tm_min), Int(local.tm_sec)].map { padded($0, 2) }
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + fraction + zone
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
