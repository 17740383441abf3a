import CGcrypt
import CGuomi
import COpenSSL
import Glibc

/// Prints how fast SM4 and SM3 are on one core, in megabytes (10^6 bytes) per second of processor time: each kernel, beside OpenSSL and
/// libgcrypt in the same run. Rounds are interleaved, so that what disturbs one disturbs all, and the best of them counts.
@main struct Guomi {
    static func main() {
        let sizes = [1 << 10, 16 << 10, 1 << 20]
        precondition(gcry_check_version("1.9.0") != nil && claviger_gcrypt_initialize() == 0)
        let kernels = (0..<Int(GUOMI_KERNEL_COUNT)).filter { guomi_kernel_is_supported($0) == 1 }
            .map { String(cString: guomi_kernel_name($0)) }
        print("in use unless another is asked for: \(String(cString: guomi_kernel_in_use()))")
        for operation in Operation.allCases {
            print("\n\(operation.title), MB/s")
            print(row("", sizes.map { $0 < 1 << 20 ? "\($0 >> 10) KiB" : "\($0 >> 20) MiB" }))
            let libraries: [Subject] = operation.libraries
            let subjects = libraries + kernels.map(Subject.kernel)
            let results = measure(operation, subjects, sizes)
            for (index, subject) in subjects.enumerated() {
                print(row(subject.name, results[index].map { String(Int($0.rounded())) }))
            }
            let own = results[libraries.count].last ?? 0
            let best = results[..<libraries.count].compactMap(\.last).max() ?? .infinity
            print("  the fastest kernel beside the faster library at 1 MiB: \(tenths(own / best)) times")
        }
    }

    private static func measure(_ operation: Operation, _ subjects: [Subject], _ sizes: [Int]) -> [[Double]] {
        var best = subjects.map { _ in sizes.map { _ in 0.0 } }
        for (column, size) in sizes.enumerated() {
            let runs = subjects.map { $0.prepare(operation, size) }
            for _ in 0..<5 {
                for (index, run) in runs.enumerated() {
                    subjects[index].select()
                    best[index][column] = max(best[index][column], rate(run, size))
                }
            }
        }
        return best
    }

    /// MB/s over at least 60 ms of processor time.
    private static func rate(_ run: () -> Void, _ size: Int) -> Double {
        run()
        var (rounds, elapsed) = (0, 0.0)
        let start = processorTime()
        repeat {
            for _ in 0..<max(1, (1 << 18) / size) {
                run()
                rounds += 1
            }
            elapsed = processorTime() - start
        } while elapsed < 0.06
        return Double(rounds * size) / elapsed / 1e6
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        func padded(_ text: String, _ width: Int, left: Bool) -> String {
            let space = String(repeating: " ", count: max(0, width - text.count))
            return left ? text + space : space + text
        }
        return "  " + padded(name, 14, left: true) + cells.map { padded($0, 9, left: false) }.joined()
    }

    private static func tenths(_ ratio: Double) -> String {
        let tenths = Int((ratio * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
