/// The grammar of RFC 8259, for texts that are passed on as they are written and whose values nobody here reads.
///
/// Unlike ``JSONParser`` it leaves to the reader what programs disagree about: names given twice, escaped surrogates without their
/// other half, depth. It builds nothing and does not recurse, so that depth costs one byte a level.
package struct JSONGrammar {
    private let bytes: [UInt8]
    private var at = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Whether `text` is one object, white space around it aside.
    package static func isObject(_ text: String) -> Bool {
        var scanner = JSONGrammar(text)
        scanner.skipSpace()
        return scanner.next == UInt8(ascii: "{") && scanner.value() && scanner.at == scanner.bytes.count
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    /// Takes a value and the white space behind it.
    private mutating func value() -> Bool {
        /// What ends the objects and arrays that are open, the innermost last.
        var ends: [UInt8] = []
        while true {
            skipSpace()
            if ends.last == UInt8(ascii: "}") {
                guard string() else { return false }
                skipSpace()
                guard take(UInt8(ascii: ":")) else { return false }
                skipSpace()
            }
            if let end = opening() {
                skipSpace()
                guard take(end) else {
                    ends.append(end)
                    continue
                }
            } else if !scalar() {
                return false
            }
            skipSpace()
            while let end = ends.last, take(end) {
                ends.removeLast()
                skipSpace()
            }
            if ends.isEmpty { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
    }

    /// Takes the beginning of an object or an array, and tells its end.
    private mutating func opening() -> UInt8? {
        if take(UInt8(ascii: "{")) { return UInt8(ascii: "}") }
        if take(UInt8(ascii: "[")) { return UInt8(ascii: "]") }
        return nil
    }

    private mutating func scalar() -> Bool {
        switch next {
        case UInt8(ascii: "\""): string()
        case .some(48...57), UInt8(ascii: "-"): number()
        default: word()
        }
    }

    private mutating func word() -> Bool {
        for word in ["true", "false", "null"] where bytes[at...].starts(with: word.utf8) {
            at += word.utf8.count
            return true
        }
        return false
    }

    private mutating func number() -> Bool {
        _ = take(UInt8(ascii: "-"))
        guard take(UInt8(ascii: "0")) || digits() else { return false }
        if take(UInt8(ascii: ".")), !digits() { return false }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            return digits()
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = at
        while let digit = next, 48...57 ~= digit { at += 1 }
        return at > start
    }

    private mutating func string() -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard escape() else { return false }
            case 0..<0x20: return false
            default: break
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        guard let kind = next else { return false }
        at += 1
        guard kind == UInt8(ascii: "u") else { return #""\/bfnrt"#.utf8.contains(kind) }
        for _ in 0..<4 {
            guard let digit = next, Hex.value(digit) != nil else { return false }
            at += 1
        }
        return true
    }
}
