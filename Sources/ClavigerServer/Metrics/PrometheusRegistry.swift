package import CoreMetrics
import Synchronization

/// Keeps the process's metrics and writes them in Prometheus' text format, version 0.0.4.
package final class PrometheusRegistry: MetricsFactory {
    /// A metric's name and labels, as they are written.
    struct Series: Hashable {
        let name: String
        let labels: String

        init(_ label: String, _ dimensions: [(String, String)]) {
            name = Self.legal(label)
            labels = dimensions.map { "\(Self.legal($0))=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        }

        private static func legal(_ name: String) -> String {
            String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
        }

        private static func escaped(_ value: String) -> String {
            value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        }
    }

    private struct Metrics {
        var counters: [Series: PrometheusCounter] = [:]
        var gauges: [Series: PrometheusGauge] = [:]
        var histograms: [Series: PrometheusHistogram] = [:]
    }

    private let metrics = Mutex(Metrics())

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let series = Series(label, dimensions)
        return metrics.withLock { metrics in
            let counter = metrics.counters[series] ?? PrometheusCounter()
            metrics.counters[series] = counter
            return counter
        }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        let series = Series(label, dimensions)
        return metrics.withLock { metrics in
            let gauge = metrics.gauges[series] ?? PrometheusGauge()
            metrics.gauges[series] = gauge
            return gauge
        }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> PrometheusHistogram {
        let series = Series(label, dimensions)
        return metrics.withLock { metrics in
            let histogram = metrics.histograms[series] ?? PrometheusHistogram()
            metrics.histograms[series] = histogram
            return histogram
        }
    }

    // The process keeps the few series it has; forgetting one would make its counter start anew.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// All metrics, sorted by name.
    package func text() -> String {
        let metrics = metrics.withLock { $0 }
        var families: [String: (type: String, lines: [String])] = [:]
        func add(_ series: Series, _ type: String, _ lines: [String]) {
            families[series.name, default: (type, [])].lines += lines
        }
        for (series, counter) in metrics.counters {
            add(series, "counter", ["\(series.name)\(Self.braces(series.labels)) \(counter.value)"])
        }
        for (series, gauge) in metrics.gauges {
            add(series, "gauge", ["\(series.name)\(Self.braces(series.labels)) \(gauge.value)"])
        }
        for (series, histogram) in metrics.histograms { add(series, "histogram", histogram.lines(series)) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.type)\n"
            let lines = family.type == "histogram" ? family.lines : family.lines.sorted()
            text += lines.map { $0 + "\n" }.joined()
        }
        return text
    }

    static func braces(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }
}

/// A number that only grows.
final class PrometheusCounter: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// A number that goes up and down.
final class PrometheusGauge: MeterHandler, RecorderHandler {
    private let number = Mutex<Double>(0)

    var value: Double { number.withLock { $0 } }

    func set(_ value: Int64) { number.withLock { $0 = Double(value) } }
    func set(_ value: Double) { number.withLock { $0 = value } }
    func increment(by amount: Double) { number.withLock { $0 += amount } }
    func decrement(by amount: Double) { number.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

/// Durations in buckets from 10 µs to 10 s, three to a decade.
final class PrometheusHistogram: TimerHandler, RecorderHandler {
    private static let bounds: [Int64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    private struct State {
        var counts = [UInt64](repeating: 0, count: PrometheusHistogram.bounds.count + 1)
        var sum: Double = 0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) {
        var index = 0
        while index < Self.bounds.count, duration > Self.bounds[index] { index += 1 }
        state.withLock { state in
            state.counts[index] += 1
            state.sum += Double(duration) / 1e9
        }
    }

    func record(_ value: Int64) { recordNanoseconds(value * 1_000_000_000) }
    func record(_ value: Double) { recordNanoseconds(Int64(value * 1e9)) }

    func lines(_ series: PrometheusRegistry.Series) -> [String] {
        let state = state.withLock { $0 }
        let prefix = series.labels.isEmpty ? "" : series.labels + ","
        var lines: [String] = []
        var total: UInt64 = 0
        for (index, bound) in Self.bounds.enumerated() {
            total += state.counts[index]
            lines.append("\(series.name)_bucket{\(prefix)le=\"\(Double(bound) / 1e9)\"} \(total)")
        }
        total += state.counts[Self.bounds.count]
        lines.append("\(series.name)_bucket{\(prefix)le=\"+Inf\"} \(total)")
        lines.append("\(series.name)_sum\(PrometheusRegistry.braces(series.labels)) \(state.sum)")
        lines.append("\(series.name)_count\(PrometheusRegistry.braces(series.labels)) \(total)")
        return lines
    }
}
