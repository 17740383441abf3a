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
        // Names are written as the writer's own strings are, so an object is written as a list of pairs and put together here.
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (index, member) in members.enumerated() {
            var name = JSONWriter()
            name.string(member.name)
            var content = JSONWriter()
            write(member.value, to: &content)
            text += (index > 0 ? [UInt8(ascii: ",")] : []) + name.bytes + [UInt8(ascii: ":")] + content.bytes
        }
        json.raw(text + [UInt8(ascii: "}")])
    }
}
