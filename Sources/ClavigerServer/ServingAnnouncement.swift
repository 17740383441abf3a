import ServiceLifecycle

/// Says that the server serves. As a service it is started after the handlers of signals are in place: whoever heard the announcement can
/// stop the server in order.
struct ServingAnnouncement: Service {
    let announce: @Sendable () -> Void

    func run() async throws {
        announce()
        try? await gracefulShutdown()
    }
}
