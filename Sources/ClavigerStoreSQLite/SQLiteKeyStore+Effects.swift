import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    /// Stores what a change does to what belongs to a key.
    ///
    /// - Returns: whether secrets have been removed.
    static func apply(_ effect: KeyEffect, to key: Key, _ database: Database) throws -> Bool {
        switch effect {
        case .addVersion(let version, let limit):
            return try put(version, of: key.id, numbered: key.sequence, limit: limit, database)
        case .removeVersions:
            try database.run("DELETE FROM key_versions WHERE key = ?", [key.sequence])
            return database.changesCount > 0
        case .bind(let binding):
            try StorableText.require(binding.product, binding.resource)
            try database.run(
                "INSERT INTO resource_bindings (key, product, resource) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [key.sequence, binding.product, binding.resource])
            return false
        case .unbind(let binding):
            try remove(binding, of: key, database)
            return false
        case .addImportParameters(let parameters, let supersedesEarlier):
            if supersedesEarlier {
                try database.run("DELETE FROM import_parameters WHERE key = ?", [key.sequence])
            }
            let hasRemoved = supersedesEarlier && database.changesCount > 0
            try insert(parameters, of: key, database)
            return hasRemoved
        case .addGrant(let grant):
            try GrantRow.insert(grant, on: key, database)
            return false
        case .removeGrant(let id):
            try GrantRow.delete(id, on: key, database)
            return false
        }
    }

    /// Adds a version as the newest, or puts it in the place of the one with its id, whose ordinal it takes.
    ///
    /// - Returns: whether it has taken the place of another.
    @discardableResult
    static func put(
        _ version: KeyVersion, of key: KeyID, numbered sequence: Int64, limit: Int = .max, _ database: Database
    ) throws -> Bool {
        guard version.key == key else { throw KMSError(.internalFailure, "the key version belongs to another key") }
        let replaced = try database.row("SELECT key FROM key_versions WHERE id = ?", [version.id.value.blob])
        guard replaced.map({ $0["key"] == sequence }) ?? true else {
            throw KMSError(.storeUnavailable, "another key has a version with this id")
        }
        if limit < .max {
            let others = try database.count(
                "SELECT count(*) FROM key_versions WHERE key = ? AND id <> ?", [sequence, version.id.value.blob])
            guard others < limit else {
                throw KMSError(.tooManyRotations, "key \(key) has \(limit) versions, which is the limit")
            }
        }
        try database.run(
            """
            INSERT INTO key_versions (id, key, ordinal, wrapped_material, public_key, created_at)
            VALUES (?, ?, (SELECT 1 + COALESCE(MAX(ordinal), 0) FROM key_versions WHERE key = ?), ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET wrapped_material = excluded.wrapped_material,
                public_key = excluded.public_key, created_at = excluded.created_at
            """,
            [
                version.id.value.blob, sequence, sequence, Data(version.wrappedMaterial),
                version.publicKey.map { Data($0) }, version.createdAt.seconds,
            ])
        return replaced != nil
    }

    private static func remove(_ binding: ResourceBinding, of key: Key, _ database: Database) throws {
        let missing = KMSError(
            .bindingNotFound,
            "key \(key.id) is not bound to the resource \(binding.resource) of the product \(binding.product)")
        // No stored text holds what cannot be stored, nor may it be cut off to match one.
        guard StorableText.allows(binding.product), StorableText.allows(binding.resource) else { throw missing }
        try database.run(
            "DELETE FROM resource_bindings WHERE key = ? AND product = ? AND resource = ?",
            [key.sequence, binding.product, binding.resource])
        guard database.changesCount == 1 else { throw missing }
    }

    private static func insert(_ parameters: ImportParameters, of key: Key, _ database: Database) throws {
        guard parameters.key == key.id else {
            throw KMSError(.internalFailure, "the import parameters belong to another key")
        }
        try database.run(
            """
            INSERT INTO import_parameters (token_digest, key, algorithm, wrapped_private_key, expires_at)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                Data(parameters.tokenDigest), key.sequence, parameters.algorithm.rawValue,
                Data(parameters.wrappedPrivateKey), parameters.expiry.seconds,
            ])
    }
}
