/// The caller's memory, as the native functions get it. What throws gives ``NativeFailure/badArgument`` for NULL and for a negative count.
extension UnsafeMutablePointer<UInt8>? {
    func input(count: Int32) throws(NativeFailure) -> UnsafeRawBufferPointer {
        guard count >= 0 else { throw .badArgument }
        return try input(size: Int(count))
    }

    /// Input that may be NULL if there is none.
    func optionalInput(count: Int32) throws(NativeFailure) -> UnsafeRawBufferPointer {
        guard count != 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return try input(count: count)
    }

    /// Input of a size that the caller does not tell.
    func input(size: Int) throws(NativeFailure) -> UnsafeRawBufferPointer {
        guard let self else { throw .badArgument }
        return UnsafeRawBufferPointer(start: self, count: size)
    }

    func output(count: Int32) throws(NativeFailure) -> UnsafeMutableRawBufferPointer {
        guard count >= 0 else { throw .badArgument }
        return try output(size: Int(count))
    }

    /// Output of a size that the caller does not tell.
    func output(size: Int) throws(NativeFailure) -> UnsafeMutableRawBufferPointer {
        guard let self else { throw .badArgument }
        return UnsafeMutableRawBufferPointer(start: self, count: size)
    }
}

extension UnsafeMutablePointer<Int32>? {
    /// Where the size of an output goes, which is written only when all has gone well.
    func outputLength() throws(NativeFailure) -> UnsafeMutablePointer<Int32> {
        guard let self else { throw .badArgument }
        return self
    }
}
