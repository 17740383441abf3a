/// One argument of a native function.
enum NativeArgument: Sendable {
    case input([UInt8])
    /// How many bytes an argument before or behind it has.
    case count(Int32)
    /// Memory that the function may write, of just this size.
    case output(Int)
    case outputLength
    case null
}
