import Foundation

/// The built program that the sessions run.
enum Program {
    /// `CLAVIGER_BINARY`, or what a debug build of this package leaves.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["CLAVIGER_BINARY"] { return path }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.appendingPathComponent(".build/debug/claviger").path
    }()

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }
}
