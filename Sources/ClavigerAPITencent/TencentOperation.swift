import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An action as the endpoint sees it: its type erased, its work started by one call.
struct TencentOperation: Sendable {
    typealias Members = TencentMembers
    typealias Progress = CallProgress<Members>

    /// How often work is begun with a key that has changed again while it waited for a thread.
    private static let mostAttempts = 10

    let name: String

    /// The right that the call needs.
    let permission: Permission

    /// Calls per second and account that the vendor's documents promise.
    let documentedRate: Int
    let needsRegion: Bool
    let parameters: [Parameter]

    /// Reads the values and goes as far as it can without waiting. Throws if the values cannot be read.
    let start: @Sendable (ParameterValues, Call) throws(KMSError) -> (resources: [KeyID], progress: Progress)

    /// - Parameters:
    ///   - name: what clients call the action, if not by its type's name.
    ///   - permission: what the caller needs.
    ///   - rate: calls per second and account that the vendor promises; our own guess for actions that are not in the documents.
    static func management<Action: ManagementAction>(
        _ action: Action.Type, named name: String? = nil, _ permission: Permission, rate: Int
    ) -> TencentOperation {
        TencentOperation(action, named: name, permission, rate: rate) { values, call throws(KMSError) in
            let action = try Action(values)
            return (
                action.resources,
                .managing {
                    do throws(KMSError) {
                        return .success(members(of: try await action.perform(in: call), in: call))
                    } catch {
                        return .failure(error)
                    }
                }
            )
        }
    }

    /// - Parameters:
    ///   - name: what clients call the action, if not by its type's name.
    ///   - permission: what the caller needs.
    ///   - rate: calls per second and account that the vendor promises; our own guess for actions that are not in the documents.
    static func dataPlane<Action: DataPlaneAction>(
        _ action: Action.Type, named name: String? = nil, _ permission: Permission, rate: Int
    ) -> TencentOperation {
        TencentOperation(action, named: name, permission, rate: rate) { values, call throws(KMSError) in
            let action = try Action(values)
            let ids = action.keys
            var keys: [ResidentKey] = []
            for id in ids {
                guard let key = call.kms.resident(id) else {
                    return (action.resources, .fetchingKeys { await fetchKeys(for: action, in: call) })
                }
                keys.append(key)
            }
            guard action.computesLong(with: keys) else {
                return (action.resources, .finished(perform(action, with: keys, in: call)))
            }
            let atHand = keys
            return (
                action.resources,
                .computing {
                    atHand.allSatisfy(call.kms.isCurrent) ? perform(action, with: atHand, in: call) : nil
                } otherwise: {
                    await fetchKeys(for: action, in: call)
                }
            )
        }
    }

    private init<Action: TencentAction>(
        _ action: Action.Type,
        named name: String?,
        _ permission: Permission,
        rate: Int,
        start: @escaping @Sendable (ParameterValues, Call) throws(KMSError) -> (resources: [KeyID], progress: Progress)
    ) {
        self.name = name ?? String(describing: action)
        self.permission = permission
        documentedRate = rate
        needsRegion = action.needsRegion
        parameters = action.parameters
        self.start = start
    }

    private static func fetchKeys<Action: DataPlaneAction>(
        for action: Action, in call: Call
    ) async -> Result<Members, KMSError> {
        for _ in 0..<mostAttempts {
            var keys: [ResidentKey] = []
            for (index, id) in action.keys.enumerated() {
                do throws(KMSError) {
                    keys.append(try await call.kms.load(id, as: action.caller(call.caller, ofKeyAt: index)))
                } catch {
                    return .failure(error.code == .keyNotFound ? action.failure(missingKeyAt: index) : error)
                }
            }
            guard action.computesLong(with: keys) else { return perform(action, with: keys, in: call) }
            let atHand = keys
            do throws(KMSError) {
                let result = try await call.kms.pools.privateKeys.run {
                    atHand.allSatisfy(call.kms.isCurrent) ? perform(action, with: atHand, in: call) : nil
                }
                if let result { return result }
            } catch {
                return .failure(error)
            }
        }
        return .failure(KMSError(.throttled, "the key changes faster than it can be used"))
    }

    private static func perform<Action: DataPlaneAction>(
        _ action: Action, with keys: [ResidentKey], in call: Call
    ) -> Result<Members, KMSError> {
        do throws(KMSError) {
            return .success(members(of: try action.perform(with: keys, in: call), in: call))
        } catch {
            return .failure(error)
        }
    }

    private static func members(of response: some TencentResponse, in call: Call) -> Members {
        var json = call.envelope.begin()
        response.encode(to: &json)
        return Members(json: json, madeKeys: response.madeKeys)
    }
}
