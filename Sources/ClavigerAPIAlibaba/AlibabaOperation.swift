import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An action as the endpoint sees it: its type erased, its work started by one call.
struct AlibabaOperation: Sendable {
    typealias Outcome = AlibabaOutcome
    typealias Progress = CallProgress<Outcome>

    /// How often work is begun with a key that has changed again while it waited for a thread.
    private static let mostAttempts = 10

    let name: String

    /// The right that the call needs.
    let permission: Permission

    /// Rights by one of which somebody may call it with other values.
    private(set) var alternatives: [Permission] = []

    /// Whether anybody of the account may call it.
    private(set) var needsPermission = true

    /// Goes as far as it can without waiting.
    let start: @Sendable (AlibabaValues, AlibabaCall) -> (resources: [String], progress: Progress)

    private init<Action: AlibabaAction>(
        _ action: Action.Type, _ permission: Permission, or alternatives: [Permission] = [],
        start: @escaping @Sendable (Action, AlibabaCall) -> Progress
    ) {
        name = String(describing: action)
        self.permission = permission
        self.alternatives = alternatives
        self.start = { values, call in
            do throws(KMSError) {
                try values.require(action.required)
                let action = try Action(values)
                return (action.resources, start(action, call))
            } catch {
                return ([], .finished(.failure(Self.preferred(error, alternatives, call))))
            }
        }
    }

    /// The same operation for everybody.
    var forEverybody: AlibabaOperation {
        var operation = self
        operation.needsPermission = false
        return operation
    }

    static func dataPlane<Action: DataPlaneAction>(
        _ action: Action.Type, _ permission: Permission
    ) -> AlibabaOperation {
        AlibabaOperation(action, permission) { action, call in
            .finished(
                attempt(Action.self) { () throws(KMSError) in try outcome(of: try action.perform(in: call), in: call) })
        }
    }

    static func reading<Action: ReadingAction>(_ action: Action.Type, _ permission: Permission) -> AlibabaOperation {
        AlibabaOperation(action, permission) { action, call in .fetchingKeys { await perform(action, in: call) } }
    }

    static func management<Action: ManagementAction>(
        _ action: Action.Type, _ permission: Permission
    ) -> AlibabaOperation {
        AlibabaOperation(action, permission) { action, call in .managing { await perform(action, in: call) } }
    }

    static func dataPlane<Action: ResidentKeysAction>(
        _ action: Action.Type, _ permission: Permission, or alternatives: Permission...
    ) -> AlibabaOperation {
        AlibabaOperation(action, permission, or: alternatives) { action, call in
            var keys: [ResidentKey] = []
            do throws(KMSError) {
                for (index, name) in action.keys.enumerated() {
                    guard let key = try call.resident(name, as: action.caller(call.caller, ofKeyAt: index)) else {
                        return .fetchingKeys { await fetchKeys(for: action, in: call) }
                    }
                    keys.append(key)
                }
            } catch {
                return .finished(.failure(spelled(error, Action.self)))
            }
            guard action.computesLong(with: keys) else { return .finished(perform(action, with: keys, in: call)) }
            let atHand = keys
            return .computing {
                atHand.allSatisfy(call.kms.isCurrent) ? perform(action, with: atHand, in: call) : nil
            } otherwise: {
                await fetchKeys(for: action, in: call)
            }
        }
    }

    private static func perform<Action: WaitingAction>(
        _ action: Action, in call: AlibabaCall
    ) async -> Result<Outcome, KMSError> {
        do throws(KMSError) {
            return .success(try outcome(of: try await action.perform(in: call), in: call))
        } catch {
            return .failure(spelled(error, Action.self))
        }
    }

    private static func fetchKeys<Action: ResidentKeysAction>(
        for action: Action, in call: AlibabaCall
    ) async -> Result<Outcome, KMSError> {
        do throws(KMSError) {
            for _ in 0..<mostAttempts {
                var keys: [ResidentKey] = []
                for (index, name) in action.keys.enumerated() {
                    keys.append(try await call.load(name, as: action.caller(call.caller, ofKeyAt: index)))
                }
                guard action.computesLong(with: keys) else { return perform(action, with: keys, in: call) }
                let atHand = keys
                let result = try await call.kms.pools.privateKeys.run {
                    atHand.allSatisfy(call.kms.isCurrent) ? perform(action, with: atHand, in: call) : nil
                }
                if let result { return result }
            }
            throw KMSError(.throttled, "the key changes faster than it can be used")
        } catch {
            return .failure(spelled(error, Action.self))
        }
    }

    private static func perform<Action: ResidentKeysAction>(
        _ action: Action, with keys: [ResidentKey], in call: AlibabaCall
    ) -> Result<Outcome, KMSError> {
        attempt(Action.self) { () throws(KMSError) in
            let response = try action.perform(with: keys, in: call)
            // An alias does not tell which key it meant when the call was made.
            let named = zip(action.keys, keys).filter(\.0.isAlias).map(\.1.key.id)
            return try outcome(of: response, with: named, in: call)
        }
    }

    private static func attempt<Action: AlibabaAction>(
        _ action: Action.Type, _ body: () throws(KMSError) -> Outcome
    ) -> Result<Outcome, KMSError> {
        do throws(KMSError) {
            return .success(try body())
        } catch {
            return .failure(spelled(error, action))
        }
    }

    private static func outcome(
        of response: some AlibabaResponse, with named: [KeyID] = [], in call: AlibabaCall
    ) throws(KMSError) -> Outcome {
        var json = AlibabaEnvelope.begin()
        response.encode(to: &json)
        if call.wantsXML, response.mustBeExact { try AlibabaEnvelope.requireExactXML(json) }
        return Outcome(json: json, madeKeys: named + response.madeKeys)
    }
}

// MARK: errors

extension AlibabaOperation {
    /// The error of a call whose parameters are wrong: who may not make the call at all hears nothing of parameters.
    private static func preferred(
        _ error: KMSError, _ alternatives: [Permission], _ call: AlibabaCall
    ) -> KMSError {
        let rights = call.caller.access.rights
        let mayCall = rights.mayAllow(call.caller.permission) || alternatives.contains(where: rights.mayAllow)
        return mayCall ? error : call.caller.refuse()
    }

    /// The error under the code that the action has for it.
    private static func spelled<Action: AlibabaAction>(_ error: KMSError, _ action: Action.Type) -> KMSError {
        guard error.spelling == nil, error.code.isAboutKeyState, let code = action.stateCode else { return error }
        return error.spelled(code)
    }
}
