import ClavigerAPI

private let table: [Parameter] = [
    .required("KeyId", .string),
    .optional("Limit", .unsigned),
    .optional("KeyIds", .list(.string)),
    .optional("TagFilters", .list(.object([.required("TagKey", .string), .optional("TagValue", .list(.string))]))),
]

/// No form crashes the parser, the unflattening or the check against a table.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzForm(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    guard
        let pairs = try? FormParser.parse(text[...]),
        let members = try? FlattenedParameters.members(pairs, table: table)
    else { return 0 }
    _ = try? ParameterValues(members, table: table)
    return 0
}
