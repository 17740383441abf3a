package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func setting(_ name: String) async throws(KMSError) -> [UInt8]? {
        try StorableText.require(name)
        return try await read { database in
            try database.row("SELECT value FROM settings WHERE name = ?", [name]).map { [UInt8]($0["value"] as Data) }
        }
    }

    package func insertSettings(_ values: [String: [UInt8]]) async throws(KMSError) -> Bool {
        for name in values.keys { try StorableText.require(name) }
        return try await writes.run { database in
            for name in values.keys {
                guard try database.row("SELECT 1 FROM settings WHERE name = ?", [name]) == nil else { return false }
            }
            for (name, value) in values {
                try database.run("INSERT INTO settings (name, value) VALUES (?, ?)", [name, Data(value)])
            }
            return true
        }
    }
}
