import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An asynchronous call that a thread of the command waits for, unless it is interrupted.
final class FileCall: Sendable {
    typealias Outcome = Result<HTTPTransport.Answer, CommandFailure>

    private let outcome = Mutex<Outcome?>(nil)

    /// A pipe in which a byte says that the outcome is there.
    private let reading: Int32
    private let writing: Int32

    init() throws(CommandFailure) { (reading, writing) = try Interruption.makePipe() }

    deinit {
        close(reading)
        close(writing)
    }

    func end(_ outcome: Outcome) {
        self.outcome.withLock { $0 = outcome }
        var byte: UInt8 = 0
        _ = write(writing, &byte, 1)
    }

    func wait(atMost limit: Duration, for server: ServerURL) throws(CommandFailure) -> HTTPTransport.Answer {
        switch Interruption.wait(for: reading, Int32(POLLIN), atMost: limit) {
        case .ready: break
        case .timedOut: throw CommandFailure("\(server) does not answer in time")
        case .interrupted: throw CommandFailure("interrupted")
        }
        // The outcome is set before the byte is written. It is taken, so that the answer is held in one place alone.
        let outcome = self.outcome.withLock { outcome in
            defer { outcome = nil }
            return outcome
        }
        guard let outcome else { throw CommandFailure("\(server) does not answer") }
        return try outcome.get()
    }
}
