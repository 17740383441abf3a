import CoreMetrics
import Testing

@testable import ClavigerServer

@Suite struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry()

    @Test func `Nothing is written of nothing`() { #expect(registry.text() == "") }

    @Test func `Counters are written by name and labels`() {
        registry.makeCounter(label: "b_total", dimensions: []).increment(by: 3)
        registry.makeCounter(label: "a_total", dimensions: [("x", "2")]).increment(by: 1)
        registry.makeCounter(label: "a_total", dimensions: [("x", "1"), ("y", "z")]).increment(by: 1)
        registry.makeCounter(label: "a_total", dimensions: [("x", "1"), ("y", "z")]).increment(by: 1)
        #expect(
            registry.text() == """
                # TYPE a_total counter
                a_total{x="1",y="z"} 2
                a_total{x="2"} 1
                # TYPE b_total counter
                b_total 3

                """)
    }

    @Test func `Names are made legal and values escaped`() {
        registry.makeCounter(label: "a.b-c ü", dimensions: [("k.1", "q\"b\\s\nn{}")]).increment(by: 1)
        #expect(registry.text() == "# TYPE a_b_c__ counter\na_b_c__{k_1=\"q\\\"b\\\\s\\nn{}\"} 1\n")
    }

    @Test func `Gauges go up and down`() {
        let gauge = registry.makeMeter(label: "g", dimensions: [])
        gauge.set(5.5)
        gauge.increment(by: 2)
        gauge.decrement(by: 1)
        #expect(registry.text() == "# TYPE g gauge\ng 6.5\n")
    }

    @Test func `A histogram's buckets count up to its number`() {
        let timer = registry.makeTimer(label: "t_seconds", dimensions: [("a", "b")])
        timer.recordNanoseconds(10_000)
        timer.recordNanoseconds(10_001)
        timer.recordNanoseconds(60_000_000_000)
        let lines = registry.text().split(separator: "\n").map(String.init)
        #expect(lines.first == "# TYPE t_seconds histogram")
        #expect(lines.contains(#"t_seconds_bucket{a="b",le="1e-05"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{a="b",le="2.5e-05"} 2"#))
        #expect(lines.contains(#"t_seconds_bucket{a="b",le="10.0"} 2"#))
        #expect(lines.contains(#"t_seconds_bucket{a="b",le="+Inf"} 3"#))
        #expect(lines.contains(#"t_seconds_count{a="b"} 3"#))
        #expect(lines.contains { $0.hasPrefix(#"t_seconds_sum{a="b"} 60.0000"#) })
        #expect(lines.count == 1 + 20 + 2)
    }

    @Test func `Counting at once loses nothing`() async {
        let registry = registry
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { registry.makeCounter(label: "n", dimensions: []).increment(by: 1) }
                }
            }
        }
        #expect(registry.text().contains("\nn 8000\n"))
    }

    @Test func `Calls are counted by dialect, action and outcome`() {
        let metrics = CallMetrics(factory: registry)
        for _ in 0..<2 { metrics.observe(dialect: "tencent", action: "Encrypt", outcome: "ok", nanoseconds: 20_000) }
        metrics.observe(dialect: "tencent", action: "Encrypt", outcome: "InternalError", nanoseconds: 1)
        let text = registry.text()
        #expect(text.contains(#"claviger_calls_total{dialect="tencent",action="Encrypt",outcome="ok"} 2"#))
        #expect(text.contains(#"claviger_calls_total{dialect="tencent",action="Encrypt",outcome="InternalError"} 1"#))
        #expect(text.contains(#"claviger_call_duration_seconds_count{dialect="tencent",action="Encrypt"} 3"#))
    }
}
