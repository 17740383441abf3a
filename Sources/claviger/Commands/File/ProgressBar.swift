import ClavigerEnvelope

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Shows on the standard error how far a stream has come, and takes it away at the end.
final class ProgressBar {
    /// When it is shown.
    enum Mode: Hashable, Sendable {
        case never
        /// When the work has lasted longer than this.
        case after(Duration)

        /// What the flags ask for; without them a terminal has it, unless the data themselves are shown there.
        init(flag: Bool?, isOutputTerminal: Bool) {
            switch flag {
            case .some(true): self = .after(.zero)
            case .some(false): self = .never
            case .none: self = isatty(STDERR_FILENO) == 1 && !isOutputTerminal ? .after(Self.moment) : .never
            }
        }

        private static let moment = Duration.milliseconds(500)
    }

    private static let interval = Duration.milliseconds(100)
    private static let usualColumns = 80

    /// Erases from the cursor to the end of the line (ECMA-48 section 8.3.41).
    private static let erasure = "\r\u{1B}[K"

    private let mode: Mode
    private let verb: String
    private let begin = ContinuousClock.now
    private var phase: EnvelopeProgress.Phase?
    private var phaseBegin = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    /// - Parameter verb: what the command does, such as `encrypting`.
    init(_ mode: Mode, verb: String) {
        self.mode = mode
        self.verb = verb
    }

    func show(_ progress: EnvelopeProgress) {
        let now = ContinuousClock.now
        if phase != progress.phase {
            phase = progress.phase
            phaseBegin = now
        }
        guard case .after(let delay) = mode, begin.duration(to: now) >= delay,
            lastShown.map({ $0.duration(to: now) >= Self.interval }) ?? true
        else { return }
        lastShown = now
        let verb =
            switch progress.phase {
            case .spooling: "reading"
            case .verifying: "verifying"
            case .processing: verb
            }
        let line = ProgressLine(
            verb: verb, completed: progress.completed, total: progress.total, elapsed: phaseBegin.duration(to: now))
        StandardOutput.writeError("\r\(line.text(columns: Self.columns))\u{1B}[K")
    }

    func erase() {
        guard lastShown != nil else { return }
        lastShown = nil
        StandardOutput.writeError(Self.erasure)
    }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usualColumns }
        return Int(size.ws_col)
    }
}
