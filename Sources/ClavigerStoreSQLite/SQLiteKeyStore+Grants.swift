package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func grants(
        retirableBy identity: String, in scope: KeyScope, offset: Int, limit: Int
    ) async throws(KMSError) -> (grants: [KeyGrant], total: Int) {
        // No stored text holds what cannot be stored, nor may it be cut off to match one.
        guard StorableText.allows(identity) else { return ([], 0) }
        return try await read { database in
            let search: StatementArguments = [
                "account": scope.account.number, "realm": scope.realm.name, "identity": identity,
            ]
            let total = try database.count(Self.retirableCountStatement, search)
            let page: StatementArguments = ["limit": max(0, limit), "offset": max(0, offset)]
            let sequences: [Int64] = try database.rows(Self.retirablePageStatement, search + page)
                .map { $0["sequence"] }
            return (try sequences.map { try GrantRow.fetch(sequence: $0, from: database) }, total)
        }
    }

    /// The statement that gives a page of grants, oldest first.
    static var retirablePageStatement: String {
        "\(retirableStatement) ORDER BY created_at, sequence LIMIT :limit OFFSET :offset"
    }

    static var retirableCountStatement: String { "SELECT COUNT(*) FROM (\(retirableStatement))" }

    /// The three ways in which a grant lets an identity give it up, each along an index; no grant is found in two of them, so that SQLite can
    /// merge what is in order already.
    private static let retirableStatement = """
        SELECT created_at, sequence FROM grants
        WHERE account = :account AND realm = :realm AND retiring_identity = :identity
        UNION ALL
        SELECT created_at, sequence FROM grants
        WHERE account = :account AND realm = :realm AND grantee = :identity AND grantee_retires = 1
            AND retiring_identity IS NOT :identity
        UNION ALL
        SELECT created_at, sequence FROM grants
        WHERE account = :account AND realm = :realm AND grantee IS NULL AND grantee_retires = 1
            AND retiring_identity IS NOT :identity
        """
}
