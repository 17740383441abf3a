import ClavigerCore
import GRDB

/// How things of an account are read. Texts that cannot be stored find nothing; they must not be cut off to match one.
extension SQLiteKeyStore {
    /// The thing with this id.
    func find<Value: Sendable>(
        _ id: String, in table: String, _ value: @Sendable (Row) throws -> Value
    ) async throws(KMSError) -> Value? {
        guard StorableText.allows(id) else { return nil }
        return try await read { try $0.row("SELECT * FROM \(table) WHERE id = ?", [id]).map(value) }
    }

    /// The thing with this name in the account.
    func find<Value: Sendable>(
        named name: String, of account: AccountID, in table: String, _ value: @Sendable (Row) throws -> Value
    ) async throws(KMSError) -> Value? {
        guard StorableText.allows(name) else { return nil }
        return try await read { database in
            try database.row("SELECT * FROM \(table) WHERE account = ? AND name = ?", [account.number, name])
                .map(value)
        }
    }

    /// What belongs to the thing with this id: the rows of a statement whose arguments all are the id.
    func list<Value: Sendable>(
        _ statement: String, of id: String, _ value: @Sendable (Row) throws -> Value
    ) async throws(KMSError) -> [Value] {
        guard StorableText.allows(id) else { return [] }
        return try await read { try $0.rows(statement, ["id": id]).map(value) }
    }

    /// A page of what is in the account, by name. A start that cannot be stored is cut off; no name lies between the two.
    func page<Value: Sendable>(
        of table: String, in account: AccountID, after name: String?, limit: Int,
        _ value: @Sendable (Row) throws -> Value
    ) async throws(KMSError) -> [Value] {
        let start: StatementArguments = name.map { [$0] } ?? []
        return try await read { database in
            try database.rows(
                Self.pageStatement(of: table, isFirst: name == nil), [account.number] + start + [max(0, limit)]
            ).map(value)
        }
    }

    static func pageStatement(of table: String, isFirst: Bool) -> String {
        "SELECT * FROM \(table) WHERE account = ?\(isFirst ? "" : " AND name > ?") ORDER BY name LIMIT ?"
    }
}
