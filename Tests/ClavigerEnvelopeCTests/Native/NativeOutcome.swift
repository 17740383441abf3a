/// What a call of a native function did.
struct NativeOutcome {
    let code: Int32
    /// The outputs in the order of the arguments, whole; memory that was not written is ``NativeMemory/filling``.
    let outputs: [[UInt8]]
    /// What the function wrote as the size of its output; `nil` if it wrote nothing.
    let length: Int?
    /// Whether nothing was written outside of the outputs, and no input changed.
    let isIntact: Bool

    /// The first output, as far as its length says.
    var result: [UInt8] { Array((outputs.first ?? []).prefix(length ?? 0)) }

    /// Whether neither an output nor a length was written.
    var isUntouched: Bool {
        length == nil && outputs.allSatisfy { $0.allSatisfy { $0 == NativeMemory.filling } }
    }
}
