#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A signature as an argument names it.
enum SignatureText {
    /// Bytes of a file with the longest signature, with generous white space.
    private static let largestFile = 4096

    /// The base64 in the file that `argument` names (`-` is the standard input), or without one `argument` itself.
    static func read(_ argument: String) throws(CommandFailure) -> String {
        if argument == "-" || access(argument, F_OK) == 0 {
            return try Base64Text.read(argument, atMost: largestFile, as: "a signature")
        }
        guard let text = Base64Text.normalized(argument.utf8) else {
            throw CommandFailure("\(argument) is neither a file nor a signature in base64")
        }
        return text
    }
}
