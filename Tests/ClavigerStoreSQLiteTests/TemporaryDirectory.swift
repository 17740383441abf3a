import Foundation

/// A directory that goes when this does.
final class TemporaryDirectory: Sendable {
    let path = NSTemporaryDirectory() + "claviger-store-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/keys.sqlite" }
}
