import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An action as the endpoint sees it: its type erased, its work started by one call.
struct HuaweiOperation: Sendable {
    typealias Outcome = HuaweiOutcome
    typealias Progress = CallProgress<Outcome>

    /// How often work is begun with a key that has changed again while it waited for a thread.
    private static let mostAttempts = 10

    let route: HuaweiRoute
    let name: String

    /// The right that the call needs.
    let permission: Permission
    let keySource: HuaweiKeySource

    /// Goes as far as it can without waiting. Whatever comes of it, the keys that the call names are known then.
    let start: @Sendable (HuaweiValues, HuaweiCall) -> (resources: [KeyID], progress: Progress)

    private init<Action: HuaweiAction>(
        _ action: Action.Type, _ permission: Permission,
        start: @escaping @Sendable (KeyID?, HuaweiValues, HuaweiCall) -> (resources: [KeyID], progress: Progress)
    ) {
        route = action.route
        name = action.name
        self.permission = permission
        keySource = action.keySource
        self.start = { values, call in
            do throws(KMSError) {
                try values.require(action.required)
                try values.checkSequence()
                return start(try values.keyID(in: action.keySource), values, call)
            } catch {
                let named = try? values.keyID(in: action.keySource)
                return (named.map { [$0] } ?? [], .finished(.failure(Self.spelled(error, action, nil, call))))
            }
        }
    }

    static func dataPlane<Action: DataPlaneAction>(_ action: Action.Type, _ permission: Permission) -> HuaweiOperation {
        HuaweiOperation(action, permission) { _, values, call in
            let result = attempt(action, nil, call) { () throws(KMSError) in
                outcome(of: try admitted(action, nil, values, call).perform(in: call))
            }
            return ([], .finished(result))
        }
    }

    static func management<Action: ManagementAction>(
        _ action: Action.Type, _ permission: Permission
    ) -> HuaweiOperation {
        HuaweiOperation(action, permission) { _, values, call in
            do throws(KMSError) {
                let action = try admitted(action, nil, values, call)
                return (
                    [],
                    .managing {
                        do throws(KMSError) {
                            return .success(outcome(of: try await action.perform(in: call)))
                        } catch {
                            return .failure(spelled(error, Action.self, nil, call))
                        }
                    }
                )
            } catch {
                return ([], .finished(.failure(spelled(error, action, nil, call))))
            }
        }
    }

    static func management<Action: KeyManagementAction>(
        _ action: Action.Type, _ permission: Permission
    ) -> HuaweiOperation {
        HuaweiOperation(action, permission) { id, values, call in
            let work = Progress.managing {
                var key: ResidentKey?
                do throws(KMSError) {
                    guard let id else { throw KMSError(.malformedKeyID, "the key is missing") }
                    let found = try await call.kms.load(id, as: call.caller)
                    key = found
                    let action = try admitted(action, found, values, call)
                    return .success(outcome(of: try await action.perform(with: found, in: call)))
                } catch {
                    return .failure(spelled(error, action, key, call))
                }
            }
            return (id.map { [$0] } ?? [], work)
        }
    }

    static func dataPlane<Action: KeyDataPlaneAction>(
        _ action: Action.Type, _ permission: Permission
    ) -> HuaweiOperation {
        HuaweiOperation(action, permission) { id, values, call in
            let fetching = Progress.fetchingKeys { await fetchKey(for: action, id, values, call) }
            var resources = id.map { [$0] } ?? []
            var named: ResidentKey?
            if let id {
                guard let resident = call.kms.resident(id) else { return (resources, fetching) }
                named = resident
            }
            do throws(KMSError) {
                let action = try admitted(action, named, values, call)
                var key = named
                if let id = action.keyOfCiphertext {
                    resources = [id]
                    guard let resident = call.kms.resident(id) else { return (resources, fetching) }
                    key = resident
                }
                guard let key else { throw KMSError(.malformedKeyID, "the key is missing") }
                guard action.computesLong(with: key) else {
                    return (resources, .finished(perform(action, with: key, in: call)))
                }
                return (
                    resources,
                    .computing {
                        call.kms.isCurrent(key) ? perform(action, with: key, in: call) : nil
                    } otherwise: {
                        await fetchKey(for: Action.self, id, values, call)
                    }
                )
            } catch {
                return (resources, .finished(.failure(spelled(error, action, named, call))))
            }
        }
    }

    private static func fetchKey<Action: KeyDataPlaneAction>(
        for action: Action.Type, _ id: KeyID?, _ values: HuaweiValues, _ call: HuaweiCall
    ) async -> Result<Outcome, KMSError> {
        var named: ResidentKey?
        do throws(KMSError) {
            for _ in 0..<mostAttempts {
                if let id { named = try await call.kms.load(id, as: call.caller) }
                let action = try admitted(action, named, values, call)
                var key = named
                if let id = action.keyOfCiphertext { key = try await loadKey(ofCiphertext: id, call) }
                guard let key else { throw KMSError(.malformedKeyID, "the key is missing") }
                guard action.computesLong(with: key) else { return perform(action, with: key, in: call) }
                let result = try await call.kms.pools.privateKeys.run {
                    call.kms.isCurrent(key) ? perform(action, with: key, in: call) : nil
                }
                if let result { return result }
            }
            throw KMSError(.throttled, "the key changes faster than it can be used")
        } catch {
            return .failure(spelled(error, action, named, call))
        }
    }

    /// A ciphertext that names a key which does not exist is just a wrong ciphertext.
    private static func loadKey(ofCiphertext id: KeyID, _ call: HuaweiCall) async throws(KMSError) -> ResidentKey {
        do throws(KMSError) {
            return try await call.kms.load(id, as: call.caller)
        } catch {
            throw error.code == .keyNotFound ? .invalidCiphertext : error
        }
    }

    /// The action with its values, once the key that the call names is there for the caller and not spared.
    private static func admitted<Action: HuaweiAction>(
        _ action: Action.Type, _ key: ResidentKey?, _ values: HuaweiValues, _ call: HuaweiCall
    ) throws(KMSError) -> Action {
        if let key { try call.kms.requirePresence(of: key, to: call.caller) }
        do throws(KMSError) {
            if let key, action.sparesDefaultKeys, key.key.isManaged { throw KMSError(HuaweiCode.defaultKey) }
            return try Action(values)
        } catch {
            throw preferred(error, action, key, call)
        }
    }

    private static func perform<Action: KeyDataPlaneAction>(
        _ action: Action, with key: ResidentKey, in call: HuaweiCall
    ) -> Result<Outcome, KMSError> {
        attempt(Action.self, key, call) { () throws(KMSError) in
            outcome(of: try action.perform(with: key, in: call))
        }
    }

    private static func attempt<Action: HuaweiAction>(
        _ action: Action.Type, _ key: ResidentKey?, _ call: HuaweiCall,
        _ body: () throws(KMSError) -> Outcome
    ) -> Result<Outcome, KMSError> {
        do throws(KMSError) {
            return .success(try body())
        } catch {
            return .failure(spelled(error, action, key, call))
        }
    }

    private static func outcome<Response: HuaweiResponse>(of response: Response) -> Outcome {
        var json = HuaweiEnvelope.begin()
        response.encode(to: &json)
        return Outcome(status: Response.status, json: json, madeKeys: response.madeKeys)
    }
}

// MARK: errors

extension HuaweiOperation {
    /// The error of a call whose values are wrong: who may not make the call at all hears nothing of values.
    private static func preferred<Action: HuaweiAction>(
        _ error: KMSError, _ action: Action.Type, _ key: ResidentKey?, _ call: HuaweiCall
    ) -> KMSError {
        // A ciphertext that cannot be read tells nobody anything of keys.
        if key == nil, action.keySource.isCiphertext { return error }
        guard let key else {
            return call.caller.access.rights.mayAllow(call.caller.permission) ? error : call.caller.refuse()
        }
        do throws(KMSError) { try call.kms.requireRight(to: key, as: call.caller) } catch { return error }
        return error
    }

    /// The error under the code that the operation has for it.
    private static func spelled<Action: HuaweiAction>(
        _ error: KMSError, _ action: Action.Type, _ key: ResidentKey?, _ call: HuaweiCall
    ) -> KMSError {
        guard error.spelling == nil else { return error }
        switch error.code {
        case .accessDenied:
            // Who has no right to the call at all is told so; who has it for other keys, that this one is not among them.
            return error.spelled(
                call.caller.access.rights.mayAllow(call.caller.permission) ? .noAccessToKey : .noAccess)
        case .keyDisabled, .wrongKeyState, .keyNotDisabled:
            if let code = action.stateCode { return error.spelled(code) }
            return key.map { error.spelled(code(ofState: call.kms.currentKey($0).state)) } ?? error
        default: return error
        }
    }

    /// What a key's state means for who wants to use it.
    private static func code(ofState state: KeyState) -> HuaweiCode {
        switch state {
        case .enabled, .pendingImport: .keyNotEnabled
        case .disabled, .archived: .keyDisabled
        case .pendingDeletion: .keyPendingDeletion
        }
    }
}
