import ClavigerAPI
import ClavigerCore

/// What an action may use.
struct AlibabaCall: Sendable {
    let kms: KeyService
    let secrets: SecretService
    let caller: Caller

    /// The region, by the name that clients know.
    let region: String

    /// Whether the answer will be XML, which does not have all characters.
    let wantsXML: Bool

    var account: AccountID { caller.principal.account }

    /// The full name of something of the caller's, such as `key/<id>`.
    func arn(_ path: String) -> String { AlibabaARN.text(path, in: region, of: account) }
}

// MARK: keys

extension AlibabaCall {
    /// The key that a name means, if it is at hand; `nil` means ask ``load(_:as:)``.
    ///
    /// - Throws: `.keyNotFound`, `.aliasNotFound`, or `.accessDenied` to those who may not learn that.
    func resident(_ name: AlibabaKeyName, as caller: Caller) throws(KMSError) -> ResidentKey? {
        try requireOwnPlace(name, caller)
        switch name.form {
        case .id(let id):
            guard let key = kms.resident(id) else { return nil }
            try kms.requirePresence(of: key, to: caller)
            return key
        case .alias(let alias): return kms.resident(named: alias, in: caller.scope)
        case .unknownAlias: throw unknownAlias(to: caller)
        case .unknown: throw unknown(to: caller)
        }
    }

    func load(_ name: AlibabaKeyName, as caller: Caller) async throws(KMSError) -> ResidentKey {
        if let key = try resident(name, as: caller) { return key }
        switch name.form {
        case .id(let id):
            let key = try await kms.load(id, as: caller)
            try kms.requirePresence(of: key, to: caller)
            return key
        case .alias(let alias): return try await kms.load(named: alias, as: caller)
        case .unknownAlias: throw unknownAlias(to: caller)
        case .unknown: throw unknown(to: caller)
        }
    }

    /// The id of the key that a name means, which need not exist. For actions that name keys by ids and ARNs alone.
    func id(_ name: AlibabaKeyName) throws(KMSError) -> KeyID {
        try requireOwnPlace(name, caller)
        guard case .id(let id) = name.form else { throw unknown(to: caller) }
        return id
    }

    /// What a name of another region or account means: nothing of the caller's.
    private func requireOwnPlace(_ name: AlibabaKeyName, _ caller: Caller) throws(KMSError) {
        guard let place = name.place else { return }
        guard isOwn(region: place.region, account: place.account) else {
            throw name.isAlias ? unknownAlias(to: caller) : unknown(to: caller)
        }
    }

    /// Whether a full name's region and account are the caller's.
    func isOwn(region: String, account: String) -> Bool {
        (region == self.region || caller.realm.alibabaNames.contains(region))
            && account == self.account.description
    }

    private func unknown(to caller: Caller) -> KMSError {
        do throws(KMSError) { try caller.require(on: .all(.key)) } catch { return error }
        return KMSError(.keyNotFound, "no key of this account and region has this name")
    }

    private func unknownAlias(to caller: Caller) -> KMSError {
        do throws(KMSError) { try caller.require(on: .all(.key)) } catch { return error }
        return KMSError(.aliasNotFound, "no alias of this account and region has this name")
    }
}
