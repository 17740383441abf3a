import ClavigerCrypto

/// No text crashes the parser, and what it accepts is written and read back as the same value.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    guard let value = try? JSONParser.parse(text) else { return 0 }
    var json = JSONWriter()
    write(value, to: &json)
    precondition((try? JSONParser.parse(json.bytes)) == value)
    return 0
}

private func write(_ value: JSONValue, to json: inout JSONWriter) {
    switch value {
    case .string(let text): json.string(text)
    case .number(let text): json.raw(Array(text))
    case .bool(let value): json.bool(value)
    case .null: json.null()
    case .array(let elements): json.array(elements) { write($1, to: &$0) }
    case .object(let members):
        json.object { json in
            for member in members {
                json.name(member.name)
                write(member.value, to: &json)
            }
        }
    }
}
