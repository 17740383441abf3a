package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func importParameters(_ tokenDigest: [UInt8]) async throws(KMSError) -> ImportParameters? {
        try await read { try KeyRow.fetchImportParameters(tokenDigest, from: $0) }
    }

    package func deleteImportParameters(expiredAt moment: Timestamp) async throws(KMSError) {
        try await writes.run { [writes] database in
            try database.run("DELETE FROM import_parameters WHERE expires_at <= ?", [moment.seconds])
            if database.changesCount > 0 { writes.wipeRemains() }
        }
    }
}
