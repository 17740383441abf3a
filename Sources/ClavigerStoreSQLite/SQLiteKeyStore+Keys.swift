package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func insert(_ key: Key, version: KeyVersion?, limit: Int) async throws(KMSError) {
        try StorableText.require(key.description, key.enterpriseProject)
        if let policy = key.policy { try StorableText.require(policy.text) }
        let product: String? =
            switch key.owner {
            case .user: nil
            case .product(let name): name
            }
        let role = product == nil ? "user" : "product"
        try await writes.run { database in
            let (account, realm) = (key.scope.account.number, key.scope.realm.name)
            try Self.requireFree(key.aliases, in: key.scope, database)
            let count = try database.count(
                "SELECT COALESCE(SUM(count), 0) FROM key_counts WHERE account = ? AND realm = ? AND role = ?",
                [account, realm, role])
            guard count < limit else {
                throw KMSError(.tooManyKeys, "the account holds \(limit) keys in this region, which is the limit")
            }
            try database.run(
                """
                INSERT INTO keys
                    (id, account, realm, role, product, spec, usage, origin, state, description, created_at, deletion_date,
                    primary_version, rotation_period, next_rotation, last_rotation, material_digest, material_expiry,
                    creator, policy_language, policy, enterprise_project)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    key.id.value.blob, account, realm, role, product, key.spec.rawValue,
                    key.usage.rawValue, key.origin.rawValue, key.state.rawValue, key.description, key.createdAt.seconds,
                    key.deletionDate?.seconds, key.primaryVersion?.value.blob,
                    key.rotationPolicy?.period.components.seconds,
                    key.rotationPolicy?.nextRotation.seconds, key.lastRotation?.seconds,
                    key.importedMaterial.map { Data($0.digest) }, key.importedMaterial?.expiry?.seconds,
                    key.creator.value, key.policy?.language.rawValue, key.policy?.text,
                    key.enterpriseProject,
                ])
            let sequence = database.lastInsertedRowID
            try Self.insertAliases(of: key, numbered: sequence, database)
            try Self.insert(key.tags, of: sequence, in: key.scope, database)
            if let version { try Self.put(version, of: key.id, numbered: sequence, database) }
        }
    }

    package func key(_ id: KeyID) async throws(KMSError) -> Key? {
        try await read { try KeyRow.fetch(id, from: $0) }
    }

    package func versions(of id: KeyID) async throws(KMSError) -> [KeyVersion] {
        try await read { try KeyRow.fetchVersions(of: id, from: $0) }
    }

    package func keyWithVersions(_ id: KeyID) async throws(KMSError) -> (key: Key, versions: [KeyVersion])? {
        try await read { database in
            guard let key = try KeyRow.fetch(id, from: database) else { return nil }
            return (key, try KeyRow.fetchVersions(of: id, from: database))
        }
    }

    package func keys(_ ids: [KeyID], in scope: KeyScope) async throws(KMSError) -> [Key] {
        try await read { database in
            try ids.map { try KeyRow.fetch($0, in: scope, from: database) }
        }
    }

    package func change(
        _ ids: [KeyID],
        in scope: KeyScope,
        _ change: @escaping @Sendable (inout Key) throws(KMSError) -> [KeyEffect]
    ) async throws(KMSError) -> [Key] {
        try await writes.run { [writes] database in
            var seen: Set<KeyID> = []
            let old = try ids.filter { seen.insert($0).inserted }.map { id in
                try KeyRow.fetch(id, in: scope, from: database)
            }
            var new = old
            let effects = try new.indices.map { try change(&new[$0]) }
            try Self.write(Array(zip(old, new)), in: scope, database)
            for (index, effects) in effects.enumerated() {
                for effect in effects where try Self.apply(effect, to: old[index], database) { writes.wipeRemains() }
                guard !effects.isEmpty || old[index].aliases != new[index].aliases else { continue }
                // The effects have changed what is counted, and aliases are in the store's order.
                new[index] = try KeyRow.fetch(sequence: old[index].sequence, from: database)
            }
            let byID = Dictionary(uniqueKeysWithValues: zip(old.map(\.id), new))
            return ids.compactMap { byID[$0] }
        }
    }

    package func deleteKey(_ id: KeyID, dueAt moment: Timestamp) async throws(KMSError) -> Key? {
        try await writes.run { [writes] database in
            guard let key = try KeyRow.fetch(id, from: database), let date = key.deletionDate, date <= moment else {
                return nil
            }
            try database.run("DELETE FROM keys WHERE sequence = ?", [key.sequence])
            writes.wipeRemains()
            return key
        }
    }

    // MARK: within a change

    /// Stores what has changed of the keys.
    private static func write(_ changes: [(old: Key, new: Key)], in scope: KeyScope, _ database: Database) throws {
        // Swift takes equivalent spellings of a text for equal; here they are different texts.
        func differ(_ old: String, _ new: String) -> Bool { !old.utf8.elementsEqual(new.utf8) }

        try exchangeAliases(changes.filter { $0.old.aliases != $0.new.aliases }, in: scope, database)
        for (old, new) in changes
        where old != new || differ(old.description, new.description)
            || differ(old.policy?.text ?? "", new.policy?.text ?? "")
        {
            try StorableText.require(new.description, new.policy?.text ?? "")
            try database.run(
                """
                UPDATE keys SET state = ?, description = ?, deletion_date = ?, primary_version = ?, rotation_period = ?,
                    next_rotation = ?, last_rotation = ?, material_digest = ?, material_expiry = ?,
                    policy_language = ?, policy = ?
                WHERE sequence = ?
                """,
                [
                    new.state.rawValue, new.description, new.deletionDate?.seconds, new.primaryVersion?.value.blob,
                    new.rotationPolicy?.period.components.seconds, new.rotationPolicy?.nextRotation.seconds,
                    new.lastRotation?.seconds, new.importedMaterial.map { Data($0.digest) },
                    new.importedMaterial?.expiry?.seconds, new.policy?.language.rawValue, new.policy?.text,
                    old.sequence,
                ])
        }
        for (old, new) in changes
        where !old.tags.elementsEqual(new.tags, by: { !differ($0.key, $1.key) && !differ($0.value, $1.value) }) {
            try replaceTags(of: old, by: new.tags, database)
        }
    }
}
