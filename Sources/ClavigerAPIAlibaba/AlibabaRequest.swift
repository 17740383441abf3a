import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import NIOHTTP1

/// A request's parameters, whoever sent them.
struct AlibabaRequest: Sendable {
    private static let formType = "application/x-www-form-urlencoded"

    /// Those of the query, decoded.
    let query: [FormParser.Pair]

    /// Those of the query, then those of the form in the body.
    let values: AlibabaValues

    /// - Throws: `.unsupportedMethod`; ParseRequestParameterException for what cannot be decoded, for a parameter that is given twice, and for a
    ///   body that is no form or too long.
    init(_ request: WireRequest) throws(KMSError) {
        guard request.method == .GET || request.method == .POST else {
            throw KMSError(.unsupportedMethod, "the method is GET or POST, not \(request.method.rawValue)")
        }
        guard !request.bodyWasTooLarge, request.body.count <= Alibaba.longestBody else {
            throw KMSError(alibaba: .malformedRequest, "the body is longer than \(Alibaba.longestBody) bytes")
        }
        query = try Self.parse(request.query)
        var all = query
        if !request.body.isEmpty {
            guard Self.isForm(request.headers) else {
                throw KMSError(alibaba: .malformedRequest, "a body is of the type \(Self.formType)")
            }
            all += try Self.parse(request.body[...])
            guard Set(all.map(\.name)).count == all.count else {
                throw KMSError(alibaba: .malformedRequest, "a parameter is in the query and in the body")
            }
        }
        values = AlibabaValues(all)
    }

    private static func parse(_ text: ArraySlice<UInt8>) throws(KMSError) -> [FormParser.Pair] {
        do throws(KMSError) { return try FormParser.parse(text) } catch { throw error.spelled(.malformedRequest) }
    }

    /// Whether the body says that it is a form, or does not say what it is.
    private static func isForm(_ headers: HTTPHeaders) -> Bool {
        guard let type = headers.first(name: "content-type") else { return true }
        let name = type.prefix { $0 != ";" }.filter { $0 != " " }
        return name.lowercased() == formType
    }
}
