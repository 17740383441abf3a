import ClavigerCrypto
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the process's log goes: standard error, as text for people or as JSON for machines, one event a line.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String
    private let isJSON: Bool

    package init(label: String, level: Logger.Level, format: ServerConfiguration.LogFormat) {
        self.label = label
        logLevel = level
        switch format {
        case .auto: isJSON = isatty(STDERR_FILENO) == 0
        case .text: isJSON = false
        case .json: isJSON = true
        }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = line(of: event)
        line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    /// The line that is written for an event.
    func line(of event: LogEvent) -> String {
        let fields = event.metadata.map { metadata.merging($0) { $1 } } ?? metadata
        let sorted = fields.map { ($0.key, $0.value.description) }.sorted { $0.0 < $1.0 }
        return
            isJSON
            ? Self.json(level: event.level, message: event.message.description, label: label, fields: sorted)
            : Self.text(level: event.level, message: event.message.description, fields: sorted)
    }

    private static func text(level: Logger.Level, message: String, fields: [(String, String)]) -> String {
        let details = fields.map { "  \($0.0)=\(printable($0.1))" }.joined()
        return "\(timestamp()) \(level.rawValue.uppercased()) \(printable(message))\(details)\n"
    }

    private static func json(level: Logger.Level, message: String, label: String, fields: [(String, String)]) -> String
    {
        var json = JSONWriter()
        json.object { json in
            json.member("time", timestamp())
            json.member("level", level.rawValue)
            json.member("logger", label)
            json.member("message", message)
            for (name, value) in fields {
                json.name(Array(name.utf8)[...])
                json.string(value)
            }
        }
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }

    /// Text without control characters, so that nobody can forge a line of the log.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    }

    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(1900 + parts.tm_year)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        let time = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
        return "\(date)T\(time).\(padded(now.tv_nsec / 1_000_000, 3))Z"
    }
}
