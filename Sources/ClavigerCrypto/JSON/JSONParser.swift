/// A strict parser of RFC 8259 texts that come from outside.
///
/// Beyond the grammar it refuses what programs disagree about: names given twice, invalid UTF-8, escaped surrogates without their
/// other half, a byte order mark. It limits depth and size of what it builds, so that a short text cannot claim much memory or stack.
package struct JSONParser {
    /// Why a text is refused, with the offset of the byte.
    package struct Failure: Error, Hashable {
        package let reason: String
        package let offset: Int
    }

    private static let deepest = 32
    private static let mostValues = 100_000

    private let bytes: [UInt8]
    private var at = 0
    private var values = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Parses one value that fills `bytes`, white space around it aside.
    package static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else { throw parser.failure("unexpected text after the value") }
        return value
    }

    private func failure(_ reason: String) -> Failure { Failure(reason: reason, offset: at) }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth < Self.deepest else { throw failure("values are nested too deeply") }
        values += 1
        guard values <= Self.mostValues else { throw failure("too many values") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case .some(48...57), UInt8(ascii: "-"): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("a value is expected")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let end = at + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[at..<end].elementsEqual(expected) else { throw failure("a value is expected") }
        at = end
        return value
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        at += 1
        var members: [JSONValue.Member] = []
        // Few members are compared one by one; many by a set, so that a hostile text cannot cost quadratic time.
        var names: Set<ArraySlice<UInt8>> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a name is expected") }
            let name = try string()
            if members.count < 16 {
                if members.contains(where: { $0.name == name }) { throw failure("a name is given twice") }
            } else {
                if members.count == 16 { names = Set(members.map(\.name)) }
                if !names.insert(name).inserted { throw failure("a name is given twice") }
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon is expected") }
            skipSpace()
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("a comma or a closing brace is expected") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        at += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("a comma or a closing bracket is expected") }
        return .array(elements)
    }

    private mutating func number() throws(Failure) -> ArraySlice<UInt8> {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return bytes[start..<at]
    }

    private mutating func digits() throws(Failure) {
        guard let first = next, 48...57 ~= first else { throw failure("a digit is expected") }
        while let digit = next, 48...57 ~= digit { at += 1 }
    }

    private mutating func string() throws(Failure) -> ArraySlice<UInt8> {
        at += 1
        let start = at
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return bytes[start..<at - 1]
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0x20..<0x80:
                at += 1
            case 0x80...:
                at += try scalarLength()
            default:
                throw failure("a control character must be escaped")
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escapedString(from start: Int) throws(Failure) -> ArraySlice<UInt8> {
        // Room for all of it, which is not longer unescaped: no part of a secret stays behind in memory that was outgrown.
        var text: [UInt8] = []
        text.reserveCapacity(rawLength(from: start))
        text += bytes[start..<at]
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return text[...]
            case UInt8(ascii: "\\"):
                at += 1
                try escape(appendingTo: &text)
            case 0x20..<0x80:
                text.append(byte)
                at += 1
            case 0x80...:
                let length = try scalarLength()
                text.append(contentsOf: bytes[at..<at + length])
                at += length
            default:
                throw failure("a control character must be escaped")
            }
        }
        throw failure("a string does not end")
    }

    /// How many bytes a string has as it is written, its quotation marks not counted.
    private func rawLength(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(end, bytes.count) - start
    }

    private mutating func escape(appendingTo text: inout [UInt8]) throws(Failure) {
        guard let kind = next else { throw failure("a string does not end") }
        at += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let first = try codeUnit()
            var scalar = UInt32(first)
            if UTF16.isLeadSurrogate(first) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("half a surrogate pair") }
                let second = try codeUnit()
                guard UTF16.isTrailSurrogate(second) else { throw failure("half a surrogate pair") }
                scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
            guard let character = Unicode.Scalar(scalar) else { throw failure("half a surrogate pair") }
            text.append(contentsOf: UTF8.encode(character)!)  // every scalar has an encoding
        default:
            at -= 1
            throw failure("no such escape")
        }
    }

    private mutating func codeUnit() throws(Failure) -> UInt16 {
        guard at + 4 <= bytes.count else { throw failure("four hexadecimal digits are expected") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(bytes[at]) else { throw failure("four hexadecimal digits are expected") }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    private func scalarLength() throws(Failure) -> Int {
        guard let length = UTF8Text.scalarLength(bytes, at: at) else { throw failure("invalid UTF-8") }
        return length
    }
}
