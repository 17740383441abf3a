import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An action as the endpoint sees it: its type erased, its work started by one call.
struct TencentOperation: Sendable {
    /// What a started action came to, or how to get there.
    enum Progress: Sendable {
        case finished(Result<Members, KMSError>)
        /// A key must be fetched first; the rest is like ``finished(_:)``.
        case fetchingKeys(@Sendable () async -> Result<Members, KMSError>)
        case managing(@Sendable () async -> Result<Members, KMSError>)
    }

    /// The answer's members, written.
    struct Members: Sendable {
        let json: JSONWriter
        let madeKeys: [KeyID]
    }

    let name: String
    let needsRegion: Bool
    let parameters: [Parameter]

    /// Reads the values and goes as far as it can without waiting. Throws if the values cannot be read.
    let start: @Sendable (ParameterValues, Call) throws(KMSError) -> (resources: [KeyID], progress: Progress)

    static func management<Action: ManagementAction>(_ action: Action.Type) -> TencentOperation {
        TencentOperation(action) { values, call throws(KMSError) in
            let action = try Action(values)
            return (
                action.resources,
                .managing {
                    do throws(KMSError) {
                        return .success(members(of: try await action.perform(in: call)))
                    } catch {
                        return .failure(error)
                    }
                }
            )
        }
    }

    static func dataPlane<Action: DataPlaneAction>(_ action: Action.Type) -> TencentOperation {
        TencentOperation(action) { values, call throws(KMSError) in
            let action = try Action(values)
            let ids = action.keys
            var keys: [ResidentKey] = []
            for id in ids {
                guard let key = call.kms.resident(id) else {
                    return (action.resources, .fetchingKeys { await fetchKeys(for: action, in: call) })
                }
                keys.append(key)
            }
            return (action.resources, .finished(perform(action, with: keys, in: call)))
        }
    }

    private init<Action: TencentAction>(
        _ action: Action.Type,
        start: @escaping @Sendable (ParameterValues, Call) throws(KMSError) -> (resources: [KeyID], progress: Progress)
    ) {
        name = String(describing: action)
        needsRegion = action.needsRegion
        parameters = action.parameters
        self.start = start
    }

    private static func fetchKeys<Action: DataPlaneAction>(
        for action: Action, in call: Call
    ) async -> Result<Members, KMSError> {
        var keys: [ResidentKey] = []
        for (index, id) in action.keys.enumerated() {
            do throws(KMSError) {
                keys.append(try await call.kms.load(id))
            } catch {
                return .failure(error.code == .keyNotFound ? action.failure(missingKeyAt: index) : error)
            }
        }
        return perform(action, with: keys, in: call)
    }

    private static func perform<Action: DataPlaneAction>(
        _ action: Action, with keys: [ResidentKey], in call: Call
    ) -> Result<Members, KMSError> {
        do throws(KMSError) {
            return .success(members(of: try action.perform(with: keys, in: call)))
        } catch {
            return .failure(error)
        }
    }

    private static func members(of response: some TencentResponse) -> Members {
        var json = TencentEnvelope.begin()
        response.encode(to: &json)
        return Members(json: json, madeKeys: response.madeKeys)
    }
}
