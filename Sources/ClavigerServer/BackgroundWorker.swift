import ClavigerCore
import ClavigerIdentity
import Logging
import ServiceLifecycle

/// Carries out what is due: the deletion and the rotation of keys, the end of imported material, the deletion of secrets.
struct BackgroundWorker: Service {
    /// How often it is noted when access keys last signed.
    private static let useInterval = Duration.seconds(60)

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
            var lastNote = ContinuousClock.now
            repeat {
                guard let active = state.active else { continue }
                await Self.runOnce(active, logger: logger)
                if .now - lastNote >= Self.useInterval {
                    try? await active.credentials.flushUse()
                    lastNote = .now
                }
            } while (try? await Task.sleep(for: interval)) != nil
        }
    }

    /// Does all that is due now. A failure is logged and tried again the next time.
    static func runOnce(_ active: ActiveService, logger: Logger) async {
        for work in DueWork.allCases {
            do throws(KMSError) {
                let outcome = try await active.kms.carryOut(work)
                for key in outcome.done {
                    logger.info("work on a key was due", metadata: ["work": "\(work.action)", "key.id": "\(key.id)"])
                }
                for (key, error) in outcome.failures { log(error, work.action, key, logger) }
            } catch {
                log(error, work.action, nil, logger)
            }
        }
        do throws(KMSError) {
            let outcome = try await active.secrets.deleteDue()
            for secret in outcome.done {
                logger.info(
                    "work on a secret was due", metadata: ["work": "deletion", "secret.name": "\(secret.name)"])
            }
            for (secret, error) in outcome.failures { log(error, "deleteSecret \(secret.name)", nil, logger) }
        } catch {
            log(error, "deleteSecret", nil, logger)
        }
        do throws(KMSError) {
            try await active.kms.deleteExpiredImportParameters()
        } catch {
            log(error, "deleteImportParameters", nil, logger)
        }
    }

    private static func log(_ error: KMSError, _ work: String, _ key: KeyID?, _ logger: Logger) {
        // The turn into which the server's end falls is cut short, and is nobody's fault; its work is due again at the next start.
        let isCutShort = Task.isCancelled && error.cause is CancellationError
        logger.log(
            level: isCutShort ? .debug : .error,
            "background work failed",
            metadata: [
                "work": "\(work)", "key.id": "\(key?.description ?? "-")", "error": "\(error.message)",
                "cause": "\(error.cause.map { String(describing: $0) } ?? "-")",
            ])
    }
}
