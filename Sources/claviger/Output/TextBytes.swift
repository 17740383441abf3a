/// Bytes that may be text, looked at where they are: they may be secret, and no copy stays behind.
enum TextBytes {
    /// Whether the bytes are UTF-8.
    ///
    /// - Parameter isAllowed: what each character must be besides.
    static func isText(
        _ bytes: UnsafeRawBufferPointer, where isAllowed: (Unicode.Scalar) -> Bool = { _ in true }
    ) -> Bool {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return true
            case .error: return false
            case .scalarValue(let scalar): guard isAllowed(scalar) else { return false }
            }
        }
    }

    /// Whether the bytes are UTF-8 without characters that control a terminal.
    static func isShowable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        isText(bytes) { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }
    }
}
