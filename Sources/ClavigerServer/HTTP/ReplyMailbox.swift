import NIOCore
import Synchronization

/// Where other threads put answers for the connections of one event loop, which fetches all that are there when it is called.
final class ReplyMailbox: Sendable {
    private struct State {
        var letters: [@Sendable () -> Void] = []
        var isCalled = false
    }

    private let eventLoop: any EventLoop
    private let state = Mutex(State())

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Puts down what the event loop shall do.
    func put(_ letter: @escaping @Sendable () -> Void) { state.withLock { $0.letters.append(letter) } }

    /// Calls the event loop, unless it has been called or there is nothing to fetch.
    func call() {
        let mustCall = state.withLock { state in
            guard !state.isCalled, !state.letters.isEmpty else { return false }
            state.isCalled = true
            return true
        }
        guard mustCall else { return }
        eventLoop.execute {
            let letters = self.state.withLock { state in
                state.isCalled = false
                defer { state.letters = [] }
                return state.letters
            }
            for letter in letters { letter() }
        }
    }
}
