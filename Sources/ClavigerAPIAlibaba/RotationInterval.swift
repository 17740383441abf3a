import ClavigerCore

/// The time from one rotation to the next, as clients write it: `30d`, `720h`, `43200m` or `2592000s`.
enum RotationInterval {
    /// Seconds: 7 to 730 days.
    private static let range = 7 * 86400...730 * 86400

    /// - Returns: `nil` for a text of another form, and for what is out of range.
    static func parse(_ text: [UInt8]) -> Duration? {
        guard let unit = text.last.flatMap(seconds), text.dropLast().allSatisfy({ 48...57 ~= $0 }),
            let count = Int(String(decoding: text.dropLast(), as: UTF8.self))
        else { return nil }
        let (interval, isTooLong) = count.multipliedReportingOverflow(by: unit)
        guard !isTooLong, range.contains(interval) else { return nil }
        return .seconds(interval)
    }

    /// The interval for clients, who get it in seconds whatever they gave.
    static func text(_ interval: Duration) -> String { "\(interval.components.seconds)s" }

    private static func seconds(_ unit: UInt8) -> Int? {
        switch unit {
        case UInt8(ascii: "d"): 86400
        case UInt8(ascii: "h"): 3600
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "s"): 1
        default: nil
        }
    }
}

extension AlibabaValues {
    /// How a key shall rotate by itself: EnableAutomaticRotation with RotationInterval, which does not matter if it shall not.
    ///
    /// - Returns: `nil` if it shall not.
    /// - Throws: `.missingParameter`, `.invalidParameter`.
    func rotationPeriod() throws(KMSError) -> Duration? {
        guard try boolean("EnableAutomaticRotation") ?? false else { return nil }
        guard let period = RotationInterval.parse(try requiredBytes("RotationInterval")) else {
            throw KMSError(.invalidParameter, "RotationInterval is 7 to 730 days: a whole number with d, h, m or s")
        }
        return period
    }
}
