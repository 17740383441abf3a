import ClavigerCore
import NIOCore

/// Says why a server did not start, in words for an operator.
package enum ServerFailure {
    package static func describe(_ error: any Error) -> String {
        switch error {
        case let error as KMSError:
            return error.cause.map { "\(error.message) (\($0))" } ?? error.message
        case let error as IOError where error.errnoCode == EADDRINUSE:
            return "the address is in use by another program; choose another one with --listen"
        default:
            return "\(error)"
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
