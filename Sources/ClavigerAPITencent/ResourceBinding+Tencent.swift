import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension ResourceBinding {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("ProductId", .string),
        .required("ResourceId", .string),
    ]

    private static let longestName = 512

    init(_ values: ParameterValues) throws(KMSError) {
        self.init(product: try Self.name("ProductId", values), resource: try Self.name("ResourceId", values))
    }

    private static func name(_ name: StaticString, _ values: ParameterValues) throws(KMSError) -> String {
        guard let text = values.bytes(name), 1...longestName ~= text.count else {
            throw KMSError(.invalidParameter, "\(name) has 1 to \(longestName) bytes")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
