import Testing

@testable import claviger

@Suite struct ProgressLineTests {
    private static func text(
        _ completed: UInt64, of total: UInt64?, after elapsed: Duration, columns: Int = 80
    ) -> String {
        ProgressLine(verb: "encrypting", completed: completed, total: total, elapsed: elapsed).text(columns: columns)
    }

    @Test func `A line has percents, a bar, sizes, the rate and the time that is left`() {
        #expect(
            Self.text(450_000_000, of: 1_000_000_000, after: .seconds(9), columns: 100)
                == "encrypting   45%  [############----------------]  450.0 of 1000.0 MB  50.0 MB/s  ETA 0:11")
    }

    @Test func `What has no known end has neither bar nor time`() {
        #expect(Self.text(450_000_000, of: nil, after: .seconds(9)) == "encrypting  450.0 MB  50.0 MB/s")
    }

    @Test(arguments: [
        (0, "  0%"), (1, "  0%"), (999, " 99%"), (1000, "100%"), (1001, "100%"),
    ])
    func `All is done only when all is done`(completed: UInt64, percents: String) {
        #expect(Self.text(completed, of: 1000, after: .seconds(1)).hasPrefix("encrypting  \(percents)"))
    }

    @Test(arguments: [
        (1_000_000, "ETA 0:01"), (59_000_000, "ETA 0:59"), (61_000_000, "ETA 1:01"), (3_600_000_000, "ETA 1:00:00"),
        (360_000_000_000, "ETA long"),
    ])
    func `The time is in minutes and hours`(left: UInt64, text: String) {
        #expect(Self.text(1_000_000, of: 1_000_000 + left, after: .seconds(1), columns: 200).hasSuffix(text))
    }

    @Test func `Before anything is done there is no time that is left`() {
        #expect(!Self.text(0, of: 1000, after: .seconds(1)).contains("ETA"))
        #expect(!Self.text(0, of: 1000, after: .zero).contains("ETA"))
    }

    @Test(arguments: 0...120)
    func `The line is shorter than the terminal is wide`(columns: Int) {
        let line = Self.text(450_000_000, of: 1_000_000_000, after: .seconds(9), columns: columns)
        #expect(line.count <= max(0, columns - 1))
        #expect(columns < 18 || line.hasPrefix("encrypting   45%"))
        #expect(Self.text(450_000_000, of: nil, after: .seconds(9), columns: columns).count <= max(0, columns - 1))
    }
}
