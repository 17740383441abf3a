import CKmsEncSdk

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text of a C caller, which ends with NUL.
enum CText {
    /// The text, if it ends within `maximum` bytes (NUL not counted) and is UTF-8.
    static func read(_ text: UnsafeMutablePointer<CChar>, maximum: Int) -> String? {
        // No byte behind the first NUL, and none behind the limit, is read.
        let size = strnlen(text, maximum + 1)
        guard size <= maximum else { return nil }
        return text.withMemoryRebound(to: UInt8.self, capacity: size) { bytes in
            String(validating: UnsafeBufferPointer(start: bytes, count: size), as: UTF8.self)
        }
    }

    static func read(_ text: UnsafeMutablePointer<UInt8>, maximum: Int) -> String? {
        text.withMemoryRebound(to: CChar.self, capacity: maximum + 1) { read($0, maximum: maximum) }
    }

    /// Writes the text and its NUL into a member of a C struct, which has room; what is left of the member becomes zero.
    static func write(_ text: String, into member: UnsafeMutableRawBufferPointer) {
        precondition(text.utf8.count < member.count)
        member.initializeMemory(as: UInt8.self, repeating: 0)
        member.copyBytes(from: text.utf8)
    }
}
