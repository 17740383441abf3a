import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import Foundation

/// `credentials.env` in the data directory: how to reach the server, and the first account's secrets, which are nowhere else in clear.
struct CredentialsFile {
    let path: String

    /// Writes the file of a new account, before the account is stored: a start that is cut short in between makes another account
    /// and replaces the file.
    func write(_ foundation: AccountFoundation, realms: [Realm], alibabaRegion: String, url: String) throws(KMSError) {
        let realm = realms[0]
        var lines = Array("# Made by the first start. Whoever reads this file may do everything with the keys.\n".utf8)
        func line(_ name: String, _ value: some Collection<UInt8>) {
            lines += Array("\(name)=".utf8) + Array(value) + [UInt8(ascii: "\n")]
        }
        line("CLAVIGER_URL", url.utf8)
        line("CLAVIGER_ACCESS_ID", foundation.accessKey.id.utf8)
        foundation.secret.withUnsafeBytes { line("CLAVIGER_ACCESS_KEY", $0) }
        line("CLAVIGER_REGION", (realm.tencentNames.first ?? "").utf8)
        line("CLAVIGER_REGION_ALIBABA", alibabaRegion.utf8)
        line("CLAVIGER_REGION_HUAWEI", (realm.huaweiNames.first ?? "").utf8)
        line("CLAVIGER_PROJECT_ID", (foundation.projects.first?.id ?? "").utf8)
        line("CLAVIGER_DOMAIN_NAME", foundation.account.domainName.utf8)
        line("CLAVIGER_USER", foundation.root.name.utf8)
        foundation.password.withUnsafeBytes { line("CLAVIGER_PASSWORD", $0) }
        defer { lines.withUnsafeMutableBytes { LockedMemory.wipe($0) } }
        try SecretFile.write(lines, to: path)
    }

    /// Notes a changed address, if the file is still there.
    func update(url: String) throws(KMSError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let updated = lines.map { $0.hasPrefix("CLAVIGER_URL=") ? "CLAVIGER_URL=\(url)" : String($0) }
        guard updated != lines.map(String.init) else { return }
        try SecretFile.write(Array(updated.joined(separator: "\n").utf8), to: path)
    }
}
