/// Moments as Alibaba's API writes them everywhere: `2016-03-28T03:13:08Z`, in UTC and to the second (ISO 8601).
package enum AlibabaTimestamp {
    private static let form: StaticString = "0000-00-00T00:00:00Z"

    /// Seconds since 1970 of a moment; `nil` if it is written otherwise or no calendar has it. There are no leap seconds.
    package static func seconds(of text: ArraySlice<UInt8>) -> Int64? {
        text.withUnsafeBufferPointer { CalendarMoment($0, form: form)?.seconds }
    }

    package static func seconds(of text: String) -> Int64? {
        var text = text
        return text.withUTF8 { CalendarMoment($0, form: form)?.seconds }
    }

    /// The moment that is so many seconds after the beginning of 1970; outside the years 0 to 9999 the nearest within.
    package static func text(_ seconds: Int64) -> String {
        let moment = CalendarMoment(seconds: seconds)
        return String(unsafeUninitializedCapacity: form.utf8CodeUnitCount) { buffer in
            moment.write(form: form, to: buffer)
            return form.utf8CodeUnitCount
        }
    }
}
