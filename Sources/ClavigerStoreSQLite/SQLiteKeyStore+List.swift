package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func list(_ query: KeyQuery, offset: Int, limit: Int) async throws(KMSError) -> KeyPage {
        let selection = KeySelection(query)
        let (offset, limit) = (max(0, offset), max(0, limit))
        return try await read { [lists] database in
            let revision = try database.row(
                "SELECT revision FROM scope_revisions WHERE account = ? AND realm = ?",
                [query.scope.account.number, query.scope.realm.name])
            guard let revision else { return KeyPage(keys: [], total: 0) }

            let list = ListVersion(fingerprint: selection.fingerprint, revision: revision[0])
            let (sequences, total) =
                switch selection.access {
                case .inOrder(let index):
                    try Self.readInOrder(selection, along: index, list, offset, limit, lists, database)
                case .collected:
                    try Self.readCollected(selection, list, offset, limit, lists, database)
                }
            return KeyPage(keys: try sequences.map { try KeyRow.fetch(sequence: $0, from: database) }, total: total)
        }
    }

    /// Goes on where the page before ended, if that was read since the last change; else counts its way to the offset.
    static func readInOrder(
        _ selection: some ListSelection, along index: String, _ list: ListVersion, _ offset: Int, _ limit: Int,
        _ cache: ListCache<CreationPlace>, _ database: Database
    ) throws -> (sequences: [Int64], total: Int) {
        let total: Int = try database.row(selection.countStatement, selection.arguments)?[0] ?? 0
        guard offset < total, limit > 0 else { return ([], total) }

        func rows(from start: PageStart, _ position: StatementArguments, limit: Int, offset: Int = 0) throws
            -> [Row]
        {
            try database.rows(
                selection.pageStatement(index: index, from: start), selection.arguments + position + [limit, offset])
        }
        var page: [Row]
        if offset > 0, let position = cache.position(before: offset, in: list) {
            page = try rows(from: .laterInSecond, [position.createdAt, position.sequence], limit: limit)
            if page.count < limit {
                page += try rows(from: .afterSecond, [position.createdAt], limit: limit - page.count)
            }
        } else {
            page = try rows(from: .first, [], limit: limit, offset: offset)
        }
        if let last = page.last {
            let position = CreationPlace(createdAt: last["created_at"], sequence: last["sequence"])
            cache.remember(position, before: offset + page.count, in: list)
        }
        return (page.map { $0["sequence"] }, total)
    }

    /// Collects the whole list once, then cuts every page out of it.
    static func readCollected(
        _ selection: some ListSelection, _ list: ListVersion, _ offset: Int, _ limit: Int,
        _ cache: ListCache<CreationPlace>, _ database: Database
    ) throws -> (sequences: [Int64], total: Int) {
        var collection = cache.collection(list)
        if collection == nil {
            collection = try Int64.fetchAll(
                database, sql: selection.collectionStatement, arguments: selection.arguments)
            cache.remember(collection ?? [], of: list)
        }
        let all = collection ?? []
        return (Array(all.dropFirst(offset).prefix(limit)), all.count)
    }
}
