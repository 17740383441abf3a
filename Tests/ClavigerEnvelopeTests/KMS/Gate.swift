import Foundation

/// A place where threads wait until it is opened, and that knows how many came.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var arrived = 0
    private var isOpen = false

    /// Blocks until the gate is open.
    func pass() {
        condition.lock()
        arrived += 1
        condition.broadcast()
        while !isOpen { condition.wait() }
        condition.unlock()
    }

    func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }

    /// Blocks until so many came; whether they did within ten minutes.
    func waitForArrivals(_ count: Int) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 600)
        condition.lock()
        defer { condition.unlock() }
        while arrived < count {
            guard condition.wait(until: deadline) else { return false }
        }
        return true
    }
}
