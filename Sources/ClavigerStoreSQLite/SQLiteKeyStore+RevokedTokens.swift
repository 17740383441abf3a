package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func revokeToken(_ id: [UInt8], expiry: Timestamp) async throws(KMSError) {
        try await writes.run { database in
            try database.run(
                """
                INSERT INTO revoked_tokens (id, expires_at) VALUES (?, ?)
                ON CONFLICT (id) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)
                """, [Data(id), expiry.seconds])
        }
    }

    package func revokedTokens(at moment: Timestamp) async throws(KMSError) -> [[UInt8]] {
        try await writes.run { database in
            try database.run("DELETE FROM revoked_tokens WHERE expires_at <= ?", [moment.seconds])
            return try database.rows("SELECT id FROM revoked_tokens").map { [UInt8]($0["id"] as Data) }
        }
    }
}
