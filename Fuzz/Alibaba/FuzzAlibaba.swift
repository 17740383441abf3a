import ClavigerAPI
import ClavigerCrypto
import ClavigerSigning

@testable import ClavigerAPIAlibaba

/// Query, `Authorization` header and JSON, separated by zero bytes: what Alibaba's dialect reads before it knows who sends it, and an answer
/// that it writes as XML.
///
/// What is signed is the same for parameters in another order, a moment is written as it was read, and every document is balanced.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let parts = Array(UnsafeBufferPointer(start: data, count: count))
        .split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    if let pairs = try? FormParser.parse(parts[0]) { sign(pairs.map { (name: $0.name, value: $0.value) }) }
    if parts.count > 1 { readHeader(parts[1]) }
    if parts.count > 2, let document = try? AlibabaXML.document(root: "KMS", json: Array(parts[2])).bytes {
        checkBalance(document)
    }
    return 0
}

private func sign(_ parameters: [(name: [UInt8], value: [UInt8])]) {
    let text = AlibabaRPC.stringToSign(method: "POST", parameters: parameters)
    precondition(text == AlibabaRPC.stringToSign(method: "POST", parameters: parameters.reversed()), "order is nothing")
    precondition(text.allSatisfy { 0x21...0x7E ~= $0 }, "what is signed is ASCII without blanks")
    let canonical = ACS3.canonicalRequest(
        method: "POST", query: parameters, signedNames: Array("host".utf8)[...], header: { _ in "value" })
    guard let canonical else { fatalError("what all headers are there for has a canonical request") }
    let lines = canonical.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    precondition(lines.count == 7, "no parameter makes a line")
    // A pair is signed as a pair, whatever its name and value have in them.
    let count = parameters.isEmpty ? 0 : lines[2].split(separator: UInt8(ascii: "&")).count
    precondition(count == parameters.count, "no parameter is lost or made by encoding")
}

private func readHeader(_ bytes: ArraySlice<UInt8>) {
    let header = String(decoding: bytes, as: UTF8.self)
    if let authorization = ACS3Authorization(header) {
        precondition(authorization.signature.count == 32 && !authorization.accessKeyID.isEmpty, "all parts are there")
        let names = String(decoding: authorization.signedNames, as: UTF8.self).split(separator: ";").map(String.init)
        precondition(!names.isEmpty && names.allSatisfy(authorization.signs), "what is listed is signed")
        let unsigned = authorization.unsignedName(of: names)
        precondition(unsigned == nil || unsigned == "host", "host alone must be signed where it was not sent")
    }
    if let seconds = AlibabaTimestamp.seconds(of: bytes) {
        precondition(AlibabaTimestamp.text(seconds).utf8.elementsEqual(bytes), "a moment has one spelling")
    }
}

/// Stops unless the tags of a document close each other and nothing between them is markup or a character that XML 1.0 does not have.
private func checkBalance(_ document: [UInt8]) {
    guard let declaration = document.firstIndex(of: UInt8(ascii: "\n")) else { fatalError("the declaration is a line") }
    var rest = document[(declaration + 1)...]
    var open: [ArraySlice<UInt8>] = []
    while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "<"):
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { fatalError("a tag ends") }
            let tag = rest[..<end]
            rest = rest[(end + 1)...]
            if tag.first == UInt8(ascii: "/") {
                precondition(open.popLast() == tag.dropFirst(), "a tag closes the last open one")
                precondition(!open.isEmpty || rest.isEmpty, "there is one root")
            } else {
                open.append(tag)
            }
        case UInt8(ascii: "&"):
            let isReference = ["amp;", "lt;", "gt;", "#13;"].contains { rest.starts(with: $0.utf8) }
            precondition(isReference, "an ampersand begins a reference")
        default:
            precondition(byte >= 0x20 || byte == 0x09 || byte == 0x0A, "no control characters")
            precondition(!open.isEmpty && byte != UInt8(ascii: ">"), "text stands in an element, without closing signs")
        }
    }
    precondition(open.isEmpty, "every tag is closed")
}
