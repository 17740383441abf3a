import ClavigerEnvelope

/// A line that tells how far a stream has come.
struct ProgressLine: Hashable, Sendable {
    /// A column is left free: some terminals begin a new line when the last one is written to.
    private static let widestBar = 30
    private static let narrowestBar = 8

    /// What is being done, such as `encrypting`.
    let verb: String

    let completed: UInt64
    let total: UInt64?

    /// Since this phase began.
    let elapsed: Duration

    /// - Parameter columns: of the terminal.
    func text(columns: Int) -> String {
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? Double(completed) / seconds : 0
        var parts = [verb]
        var bar: Int?
        if let total, total > 0 {
            let done = min(completed, total)
            let fraction = Double(done) / Double(total)
            parts.append(Self.padded("\(Int(fraction * 100))%", 4))
            bar = parts.count
            parts.append("\(Self.megabytes(Double(done))) of \(Self.megabytes(Double(total))) MB")
            parts.append("\(Self.megabytes(rate)) MB/s")
            if rate > 0 { parts.append("ETA \(Self.time(Double(total - done) / rate))") }
            // What matters most stands first, and what has no room goes.
            while parts.count > 2, Self.width(parts) >= columns { parts.removeLast() }
            let room = min(Self.widestBar, columns - Self.width(parts) - 3)
            if let bar, room >= Self.narrowestBar { parts.insert(Self.bar(fraction, room), at: bar) }
        } else {
            parts.append("\(Self.megabytes(Double(completed))) MB")
            parts.append("\(Self.megabytes(rate)) MB/s")
            while parts.count > 1, Self.width(parts) >= columns { parts.removeLast() }
        }
        return String(parts.joined(separator: "  ").prefix(max(0, columns - 1)))
    }

    private static func width(_ parts: [String]) -> Int {
        parts.reduce(0) { $0 + $1.count } + 2 * (parts.count - 1)
    }

    private static func bar(_ fraction: Double, _ width: Int) -> String {
        let inside = width - 2
        let filled = Int(fraction * Double(inside))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: inside - filled) + "]"
    }

    /// Millions of bytes, with one digit behind the point.
    private static func megabytes(_ bytes: Double) -> String {
        let tenths = UInt64(bytes / 100_000)
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `M:SS`, or `H:MM:SS`.
    private static func time(_ seconds: Double) -> String {
        guard seconds < 360_000 else { return "long" }
        let whole = Int(seconds.rounded(.up))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return (hours > 0 ? "\(hours):\(zeroed(minutes))" : "\(minutes)") + ":\(zeroed(rest))"
    }

    private static func zeroed(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
