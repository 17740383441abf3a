import ClavigerCrypto

/// Finds the text of one member in the text of a JSON object, just as it was sent, white space and all.
struct JSONMemberText {
    private let bytes: [UInt8]
    private var at = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter object: the text of an object that ``JSONParser`` has taken.
    static func find(_ name: String, in object: [UInt8]) -> ArraySlice<UInt8>? {
        var scanner = JSONMemberText(object)
        return scanner.find(name)
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func find(_ wanted: String) -> ArraySlice<UInt8>? {
        skip { $0 != UInt8(ascii: "{") }
        at += 1
        while true {
            skip { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
            guard next == UInt8(ascii: "\"") else { return nil }
            let start = at
            skipString()
            let name = try? JSONParser.parse(Array(bytes[start..<at])).text
            skip { Self.isSpace($0) || $0 == UInt8(ascii: ":") }
            let valueStart = at
            skipValue()
            if name == wanted { return bytes[valueStart..<at] }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while let byte = next, condition(byte) { at += 1 }
    }

    private mutating func skipString() {
        at += 1
        while let byte = next, byte != UInt8(ascii: "\"") { at += byte == UInt8(ascii: "\\") ? 2 : 1 }
        at += 1
    }

    private mutating func skipValue() {
        var depth = 0
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                skipString()
                if depth == 0 { return }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The end of the object that the member is in.
                if depth == 0 { return }
                depth -= 1
                at += 1
                if depth == 0 { return }
            case UInt8(ascii: ",") where depth == 0: return
            case let byte where depth == 0 && Self.isSpace(byte): return
            default: at += 1
            }
        }
    }
}
