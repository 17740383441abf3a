import ClavigerCore
import Logging
import ServiceLifecycle

/// Carries out what is due: today the deletion of keys.
struct BackgroundWorker: Service {
    private let state: ServiceState
    private let logger: Logger
    private let interval: Duration

    init(state: ServiceState, logger: Logger, interval: Duration = .seconds(1)) {
        self.state = state
        self.logger = logger
        self.interval = interval
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                if let active = state.active { await Self.runOnce(active, logger: logger) }
            } while (try? await Task.sleep(for: interval)) != nil
        }
    }

    /// Does all that is due now. A failure is logged and tried again the next time.
    static func runOnce(_ active: ActiveService, logger: Logger) async {
        do throws(KMSError) {
            let deleted = try await active.kms.deleteDueKeys { key throws(KMSError) in
                // On the disk before the key is gone: a deletion that nobody can account for must not be.
                try await active.auditOwnAction(
                    "deleteKey", account: key.scope.account, realm: key.scope.realm, resources: [key.id])
            }
            for key in deleted { logger.info("key deleted", metadata: ["key.id": "\(key.id)"]) }
        } catch {
            logger.error(
                "background work failed",
                metadata: [
                    "error": "\(error.message)", "cause": "\(error.cause.map { String(describing: $0) } ?? "-")",
                ])
        }
    }
}
