import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerSigning

@testable import ClavigerAPIHuawei

/// Path, query, `Authorization` header and body, separated by zero bytes: what Huawei's dialect reads before it knows who sends it.
///
/// Whatever is read must be what was sent, and the canonical request must be the same for two readings.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let parts = Array(UnsafeBufferPointer(start: data, count: count))
        .split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
    let path = parts[0]
    let query = parts.count > 1 ? parts[1] : []
    let header = parts.count > 2 ? String(decoding: parts[2], as: UTF8.self) : ""
    let body = parts.count > 3 ? Array(parts[3]) : []

    if let read = HuaweiPath(path) {
        precondition(!read.pieces.isEmpty, "a path of the dialect has a piece")
        precondition(
            read.pieces.count + 3 == path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).count
                - 1,
            "no piece is lost or made by decoding")
    }

    let request = SDKHMAC.Request(method: "POST", path: path, query: query, body: body[...])
    let names = Array("host;x-sdk-date".utf8)[...]
    func canonical() -> [UInt8]? {
        SDKHMAC.canonicalRequest(request, signedNames: names) { name in
            name.elementsEqual("x-sdk-content-sha256".utf8) ? nil : "value"
        }
    }
    guard let text = canonical() else { fatalError("what all headers are there for has a canonical request") }
    precondition(text == canonical(), "there is one canonical request")
    precondition(text.allSatisfy { $0 < 0x80 }, "a canonical request without such headers is ASCII")

    if let authorization = SDKHMACAuthorization(header) {
        precondition(authorization.signature.count == 32 && !authorization.accessKeyID.isEmpty, "all parts are there")
    }
    _ = SDKHMAC.timestamp(of: header)
    _ = try? TokenRequest(body: body)
    if case .object(let members) = try? JSONParser.parse(body) {
        let values = HuaweiValues(members: members, parameters: [:])
        _ = try? values.checkSequence()
        _ = try? values.keyID(in: .member)
        _ = try? values.context()
        _ = try? values.alias()
        _ = try? values.tags()
        _ = try? values.tagFilters()
        _ = try? values.dataKeyWithDigest()
        _ = try? values.grantOperations()
    }
    return 0
}
