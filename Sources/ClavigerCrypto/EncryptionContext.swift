/// Data that is bound to a ciphertext without being in it: decryption succeeds only if the same is presented again.
///
/// Holds the canonical encoding that becomes additional authenticated data. JSON texts that mean the same (order of names, white
/// space, escapes, ways to write one number) give the same bytes in every dialect; see `docs/ciphertext-format.md`.
package struct EncryptionContext: Hashable, Sendable {
    /// No context; an empty object `{}` is the same.
    package static let empty = EncryptionContext(encoded: [0])

    /// The canonical encoding: one byte that tells its kind, then the content.
    package let encoded: [UInt8]

    private init(encoded: [UInt8]) { self.encoded = encoded }

    /// A context given as the text of a JSON object.
    ///
    /// - Throws: ``CryptoError/malformed`` if the text is anything else, has a name twice, or a number whose exponent does not fit 32 bits.
    package init(json: [UInt8]) throws(CryptoError) {
        do {
            try self.init(try JSONParser.parse(json))
        } catch {
            throw .malformed
        }
    }

    /// A context given as a parsed JSON object.
    ///
    /// - Throws: ``CryptoError/malformed`` as for ``init(json:)``.
    package init(_ value: JSONValue) throws(CryptoError) {
        guard case .object(let members) = value else { throw .malformed }
        guard !members.isEmpty else {
            self = .empty
            return
        }
        var encoded: [UInt8] = [Kind.context.rawValue]
        try Self.append(members, to: &encoded)
        self.init(encoded: encoded)
    }

    /// Additional authenticated data of a dialect that has it beside a context; never equal to any context.
    package init(additionalData: [UInt8]) {
        var encoded: [UInt8] = [Kind.additionalData.rawValue]
        encoded.appendBigEndian(UInt32(additionalData.count))
        encoded.append(contentsOf: additionalData)
        self.init(encoded: encoded)
    }

    /// A context and additional authenticated data, both of which must be presented again. If one of them is empty, this is the other.
    ///
    /// - Parameter context: without additional data of its own.
    package init(_ context: EncryptionContext, additionalData: [UInt8]) {
        guard !additionalData.isEmpty else {
            self = context
            return
        }
        self.init(additionalData: additionalData)
        guard context != .empty else { return }
        self.init(encoded: [Kind.both.rawValue] + encoded.dropFirst() + context.encoded)
    }

    enum Kind: UInt8 {
        case context = 1
        case additionalData = 2
        /// Additional data as in its own kind, then a context with its kind.
        case both = 3
    }

    enum Tag: UInt8 {
        case string = 1
        case number, yes, no, null, array, object
    }

    private static func append(_ members: [JSONValue.Member], to encoded: inout [UInt8]) throws(CryptoError) {
        encoded.appendBigEndian(UInt32(members.count))
        var previous: ArraySlice<UInt8>?
        for member in members.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            // The parser refuses this already, but not every value comes from it.
            guard member.name != previous else { throw .malformed }
            previous = member.name
            append(member.name, to: &encoded)
            try append(member.value, to: &encoded)
        }
    }

    private static func append(_ text: ArraySlice<UInt8>, to encoded: inout [UInt8]) {
        encoded.appendBigEndian(UInt32(text.count))
        encoded.append(contentsOf: text)
    }

    private static func append(_ value: JSONValue, to encoded: inout [UInt8]) throws(CryptoError) {
        switch value {
        case .string(let text):
            encoded.append(Tag.string.rawValue)
            append(text, to: &encoded)
        case .number(let text):
            guard let number = CanonicalNumber(text) else { throw .malformed }
            encoded.append(Tag.number.rawValue)
            append(number.text[...], to: &encoded)
        case .bool(let value):
            encoded.append(value ? Tag.yes.rawValue : Tag.no.rawValue)
        case .null:
            encoded.append(Tag.null.rawValue)
        case .array(let elements):
            encoded.append(Tag.array.rawValue)
            encoded.appendBigEndian(UInt32(elements.count))
            for element in elements { try append(element, to: &encoded) }
        case .object(let members):
            encoded.append(Tag.object.rawValue)
            try append(members, to: &encoded)
        }
    }
}

/// A JSON number's value, written in one way only: sign, digits without zeros at either end, `e`, exponent of ten.
private struct CanonicalNumber {
    let text: [UInt8]

    init?(_ number: ArraySlice<UInt8>) {
        var digits: [UInt8] = []
        var exponent: Int64 = 0
        var negative = false
        var inFraction = false
        var index = number.startIndex
        scan: while index < number.endIndex {
            switch number[index] {
            case UInt8(ascii: "-"): negative = true
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                var written = number[(index + 1)...]
                if written.first == UInt8(ascii: "+") { written = written.dropFirst() }
                guard let value = Int32(String(decoding: written, as: UTF8.self)) else { return nil }
                exponent += Int64(value)
                break scan
            case let digit:
                digits.append(digit)
                if inFraction { exponent -= 1 }
            }
            index += 1
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        guard !significant.isEmpty else {
            text = [UInt8(ascii: "0")]
            return
        }
        text = (negative ? [UInt8(ascii: "-")] : []) + significant + [UInt8(ascii: "e")] + Array(String(exponent).utf8)
    }
}

extension [UInt8] {
    package mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
