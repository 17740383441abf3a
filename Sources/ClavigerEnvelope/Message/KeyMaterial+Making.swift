internal import ClavigerCrypto

extension KeyMaterial {
    /// Gives `make` the bytes, or some of them, for what cannot be copied.
    func making<Result: ~Copyable>(
        from range: Range<Int>? = nil, _ make: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        var result: Result?
        withUnsafeBytes { result = make(UnsafeRawBufferPointer(rebasing: $0[range ?? 0..<$0.count])) }
        guard let result else { preconditionFailure("the closure was called") }
        return result
    }
}
