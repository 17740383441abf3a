import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, and the other signals that end a program, while there is a file that must not stay behind half-written.
///
/// The signal is noted, all that waits looks for it, and the process ends as the signal would have ended it when everything is cleaned up.
enum Interruption {
    /// What came of waiting.
    enum Outcome: Hashable {
        case ready, timedOut, interrupted
    }

    private static let signals = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGXCPU]

    /// The signal that came; 0 for none.
    private static let noted = Atomic<Int32>(0)

    /// The two ends of a pipe: a byte in it wakes whoever waits, and stays there.
    private static let bell = Atomic<Int32>(-1)
    private static let ear = Atomic<Int32>(-1)

    static var isNoted: Bool { noted.load(ordering: .acquiring) != 0 }

    /// From now on the signals are noted, unless they are ignored as those of a background process may be.
    static func listen() throws(CommandFailure) {
        guard bell.load(ordering: .relaxed) < 0 else { return }
        let ends = try makePipe()
        ear.store(ends.reading, ordering: .relaxed)
        bell.store(ends.writing, ordering: .releasing)
        // The first look at a static property makes it, which a handler must not do.
        _ = isNoted
        // That a reader has gone, or a file may not become larger, shows when something is written.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        for number in signals {
            var action = sigaction()
            guard sigaction(number, nil, &action) == 0, !isIgnored(action) else { continue }
            signal(number) { number in
                let error = errno
                Interruption.note(number)
                errno = error
            }
        }
    }

    /// Blocks until something can be read or written, or an interruption is noted.
    ///
    /// - Parameter events: `POLLIN` or `POLLOUT`.
    static func wait(for descriptor: Int32, _ events: Int32, atMost limit: Duration? = nil) -> Outcome {
        let deadline = limit.map { ContinuousClock.now + $0 }
        while !isNoted {
            var descriptors = [
                pollfd(fd: descriptor, events: Int16(events), revents: 0),
                pollfd(fd: ear.load(ordering: .acquiring), events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&descriptors, nfds_t(descriptors.count), milliseconds(until: deadline))
            if isNoted { break }
            if count > 0, descriptors[0].revents != 0 { return .ready }
            if count == 0 { return .timedOut }
            // What cannot be waited for tells more when it is read or written.
            if count < 0, errno != EINTR { return .ready }
        }
        return .interrupted
    }

    /// Ends the process by the signal that was noted, if one was.
    static func endIfNoted() {
        let number = noted.load(ordering: .acquiring)
        if number != 0 { end(by: number) }
    }

    /// Ends the process as the signal does that nobody handles.
    static func end(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        // Threads of the cooperative pool have signals blocked.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        exit(128 + number)
    }

    /// The two ends of a new pipe.
    static func makePipe() throws(CommandFailure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFailure("no pipe can be made: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Called in the handler: nothing but atomics and write(2), which signal-safety(7) allows.
    private static func note(_ number: Int32) {
        noted.store(number, ordering: .releasing)
        var byte: UInt8 = 0
        _ = write(bell.load(ordering: .relaxed), &byte, 1)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        #if canImport(Glibc)
            unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        #elseif canImport(Musl)
            unsafeBitCast(action.__sa_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        #else
            unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        #endif
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline)
        return Int32(clamping: max(0, Int64(left / .milliseconds(1))))
    }
}
