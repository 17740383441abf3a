#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What is done with an open file, whoever closes it.
struct SystemFile {
    let descriptor: Int32

    /// Reads some bytes; 0 at the end.
    func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(EnvelopeError) -> Int {
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            try Self.recover(from: errno, descriptor, POLLIN, "reading failed")
        }
    }

    func writeAll(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else {
                try Self.recover(from: errno, descriptor, POLLOUT, "writing failed")
            }
        }
    }

    /// Where the next byte is read or written; `nil` for what has no places, such as a pipe.
    var position: UInt64? {
        let position = lseek(descriptor, 0, SEEK_CUR)
        return position < 0 ? nil : UInt64(position)
    }

    func go(to position: UInt64) throws(EnvelopeError) {
        guard let offset = off_t(exactly: position), lseek(descriptor, offset, SEEK_SET) == offset else {
            throw Self.error(errno, "going back failed")
        }
    }

    /// The size in bytes, if this is a regular file.
    var regularSize: UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(max(status.st_size, 0))
    }

    /// Waits if the call is to be made again, else throws.
    private static func recover(
        from code: Int32, _ descriptor: Int32, _ event: Int32, _ what: String
    ) throws(EnvelopeError) {
        if code == EINTR { return }
        // Somebody who shares the pipe or terminal made it non-blocking.
        guard code == EAGAIN || code == EWOULDBLOCK else { throw error(code, what) }
        var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        guard poll(&waiting, 1, -1) >= 0 || errno == EINTR else { throw error(errno, what) }
    }

    static func error(_ code: Int32, _ what: String) -> EnvelopeError {
        EnvelopeError(.inputOutput, "\(what): \(String(cString: strerror(code)))")
    }
}
