import ClavigerCore

/// Reads what a policy says of resources.
struct ResourceReader {
    let grammar: PolicyGrammar
    let realms: [Realm]
    let account: Account

    /// What a region stands for that no realm has; `nil` refuses it.
    ///
    /// A region can disappear from the configuration after a policy was stored. The rest of that policy must go on.
    let unknownRegion: UnknownRegion?

    enum UnknownRegion {
        case everywhere, nowhere
    }

    func pattern(_ text: String, at offset: Int) throws(PolicyFault) -> ResourcePattern {
        if text == "*" { return .everything }
        func fault(_ reason: String, suggestion: String? = nil) -> PolicyFault {
            PolicyFault("\(PolicyFault.quote(text)) names no resource: \(reason)", at: offset, suggestion: suggestion)
        }
        guard let parts = ResourceParts(text, grammar.language) else {
            let example = ResourceParts.example(in: grammar.language)
            throw fault("resources are written \(PolicyFault.quote(example)), everything is \"*\"")
        }
        guard parts.project.isEmpty || parts.project == "*" else {
            throw fault("there are no projects here; leave \(PolicyFault.quote(parts.project)) out")
        }
        let kinds: ResourceKinds
        if parts.service == "*" {
            kinds = .all
        } else {
            guard let service = Permission.Service(rawValue: parts.service) else {
                let services = Permission.Service.allCases.map(\.rawValue)
                throw fault(
                    "\(PolicyFault.quote(parts.service)) is no service",
                    suggestion: EditDistance.nearest(to: parts.service, in: services))
            }
            kinds = ResourceKinds(service)
        }
        guard parts.covers(account, grammar) else {
            let own =
                switch grammar.language {
                case .tencent: "uin/\(account.id)"
                case .alibaba: account.id.description
                case .huawei: account.domainID
                }
            throw fault("\(PolicyFault.quote(parts.account)) is another account; this one is \(PolicyFault.quote(own))")
        }
        let realms: [RealmID]?
        do throws(RegionFault) {
            realms = try self.realms(parts.region, kinds)
        } catch {
            throw fault(error.reason, suggestion: error.suggestion)
        }
        do throws(PathFault) {
            let (kinds, extent) = try self.extent(parts.path, kinds)
            return ResourcePattern(kinds: kinds, realms: realms, extent: extent)
        } catch {
            throw fault(error.reason, suggestion: error.suggestion)
        }
    }
}

// MARK: regions

private struct RegionFault: Error {
    let reason: String
    var suggestion: String?
}

extension ResourceReader {
    private func realms(_ region: String, _ kinds: ResourceKinds) throws(RegionFault) -> [RealmID]? {
        if region.isEmpty || region == "*" { return nil }
        guard kinds != ResourceKinds(.claviger) else {
            throw RegionFault(reason: "users, groups, policies and projects belong to no region; leave it empty")
        }
        let glob = Glob(region, grammar.wildcards)
        let found = realms.filter { $0.names(in: grammar.language).contains { glob.matches($0.utf8) } }
        if !found.isEmpty { return found.map(\.id) }
        switch unknownRegion {
        case .everywhere: return nil
        case .nowhere: return []
        case nil:
            let names = realms.flatMap { $0.names(in: grammar.language) }
            throw RegionFault(
                reason: "there is no region \(PolicyFault.quote(region))",
                suggestion: EditDistance.nearest(to: region, in: names))
        }
    }
}

// MARK: kinds and names

private struct PathFault: Error {
    let reason: String
    var suggestion: String?
}

extension ResourceReader {
    private var separator: Character {
        switch grammar.language {
        case .tencent, .alibaba: "/"
        case .huawei: ":"
        }
    }

    private func isPattern(_ text: some StringProtocol) -> Bool { Glob.isPattern(String(text), grammar.wildcards) }

    private func extent(
        _ path: String, _ kinds: ResourceKinds
    ) throws(PathFault) -> (ResourceKinds, ResourcePattern.Extent) {
        if path == "*" { return (kinds, .everything) }
        let parts = path.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        let fitting = ResourcePattern.Extent.fitting(Glob(path, grammar.wildcards), grammar.language)
        guard !isPattern(parts[0]) else { return (kinds, fitting) }
        let known = AccessResource.Kind.allCases.filter { kinds.contains($0) }
        guard let kind = known.first(where: { $0.word(in: grammar.language) == parts[0] }) else {
            throw PathFault(
                reason: "\(PolicyFault.quote(String(parts[0]))) is no kind of resource of this service",
                suggestion: EditDistance.nearest(
                    to: String(parts[0]), in: known.map { $0.word(in: grammar.language) }))
        }
        if kind == .server {
            guard parts.count == 1 else { throw PathFault(reason: "the server has no names") }
            return (ResourceKinds(kind), .everything)
        }
        guard parts.count == 2 else {
            switch grammar.language {
            case .alibaba: return (ResourceKinds(kind), .container)
            case .tencent, .huawei:
                throw PathFault(reason: "a name is missing; all of the kind are \"\(parts[0])\(separator)*\"")
            }
        }
        guard !parts[1].isEmpty else { throw PathFault(reason: "a name is missing") }
        if parts[1] == "*" { return (ResourceKinds(kind), .everything) }
        if kind == .key, let extent = try keyExtent(String(parts[1])) { return (ResourceKinds(kind), extent) }
        return (ResourceKinds(kind), fitting)
    }

    /// What can be said of keys without a pattern of text; `nil` if it needs one.
    private func keyExtent(_ name: String) throws(PathFault) -> ResourcePattern.Extent? {
        switch grammar.language {
        case .alibaba, .huawei:
            if isPattern(name) { return nil }
            return .key(try keyID(name[...]), madeBy: nil)
        case .tencent:
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            if isPattern(parts[0]) { return nil }
            guard parts[0] == "creatorUin" else {
                let id = (try? KeyID(text: parts[0].utf8)) == nil ? "KEY" : String(parts[0])
                throw PathFault(
                    reason: "a key is written \"key/creatorUin/CREATOR/\(id)\", with \"*\" for any creator")
            }
            if parts.count == 3 {
                let creator = Int64(parts[1]).flatMap { $0.description == parts[1] ? IdentityNumber($0) : nil }
                guard creator != nil || isPattern(parts[1]) else {
                    throw PathFault(reason: "\(PolicyFault.quote(String(parts[1]))) is no number of a creator")
                }
                if let creator, parts[2] == "*" { return .keys(madeBy: creator) }
                if !isPattern(parts[2]), creator != nil || parts[1] == "*" {
                    return .key(try keyID(parts[2]), madeBy: creator)
                }
                if isPattern(parts[2]) || isPattern(parts[1]) {
                    if !isPattern(parts[2]) { _ = try keyID(parts[2]) }
                    return nil
                }
            }
            guard isPattern(name) else {
                throw PathFault(reason: "a key is written \"key/creatorUin/CREATOR/KEY\", with \"*\" for any")
            }
            return nil
        }
    }

    private func keyID(_ text: Substring) throws(PathFault) -> KeyID {
        guard let id = try? KeyID(text: text.utf8) else {
            throw PathFault(reason: "\(PolicyFault.quote(String(text))) is no key id, which is a UUID in lower case")
        }
        return id
    }
}
