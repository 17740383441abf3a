package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func keysDue(for work: DueWork, at moment: Timestamp, limit: Int) async throws(KMSError) -> [KeyID] {
        try await read { database in
            try database.rows(Self.dueStatement(for: work), [moment.seconds, max(0, limit)]).compactMap {
                UInt128(blob: $0["id"]).map(KeyID.init)
            }
        }
    }

    /// The statement that gives the ids, along the index of the work; its arguments are moment and limit.
    static func dueStatement(for work: DueWork) -> String {
        let (date, condition) =
            switch work {
            case .deletion: ("deletion_date", "")
            case .rotation: ("next_rotation", "state = 'enabled' AND ")
            case .materialExpiry: ("material_expiry", "")
            }
        return "SELECT id FROM keys WHERE \(condition)\(date) <= ? ORDER BY \(date), sequence LIMIT ?"
    }
}
