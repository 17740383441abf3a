#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The directory in the user's home that holds a server's data, unless another is named.
enum HomeDirectory {
    static var path: String { (getenv("HOME").map { String(cString: $0) } ?? ".") + "/.claviger" }

    static func path(of name: String) -> String { "\(path)/\(name)" }
}
