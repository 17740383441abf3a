import CoreMetrics
import Synchronization

/// Counts and times the calls of all dialects.
final class CallMetrics: Sendable {
    private struct Kind: Hashable {
        let dialect: String
        let action: String
        let outcome: String
    }

    private struct Handlers {
        let count: Counter
        let duration: CoreMetrics.Timer
    }

    private let factory: any MetricsFactory
    private let handlers = Mutex<[Kind: Handlers]>([:])

    init(factory: any MetricsFactory) { self.factory = factory }

    func observe(dialect: String, action: String, outcome: String, nanoseconds: Int64) {
        let kind = Kind(dialect: dialect, action: action, outcome: outcome)
        let found = handlers.withLock { handlers in
            if let known = handlers[kind] { return known }
            let made = Handlers(
                count: Counter(
                    label: "claviger_calls_total",
                    dimensions: [("dialect", dialect), ("action", action), ("outcome", outcome)], factory: factory),
                duration: CoreMetrics.Timer(
                    label: "claviger_call_duration_seconds", dimensions: [("dialect", dialect), ("action", action)],
                    factory: factory))
            handlers[kind] = made
            return made
        }
        found.count.increment()
        found.duration.recordNanoseconds(nanoseconds)
    }
}
