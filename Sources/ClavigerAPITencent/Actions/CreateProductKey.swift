import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a key on behalf of a cloud product, which users see but cannot take away.
///
/// The vendor's products make such keys in ways of their own. This action is Claviger's; its name, `Claviger.CreateProductKey`, can never be one
/// of the vendor's.
struct CreateProductKey: ManagementAction {
    typealias Response = CreateKey.Response

    static let parameters: [Parameter] = [
        .required("Product", .string),
        .optional("Alias", .string),
        .optional("Description", .string),
    ]

    private let product: String
    private let alias: KeyAlias
    private let description: String

    init(_ values: ParameterValues) throws(KMSError) {
        product = try Self.product(values.bytes("Product") ?? [])
        alias = try values.bytes("Alias") == nil ? KeyAlias(checked: "kms-\(product)") : values.productAlias()
        description = try values.description()
    }

    private static func product(_ name: ArraySlice<UInt8>) throws(KMSError) -> String {
        func isAllowed(_ byte: UInt8) -> Bool { 48...57 ~= byte || 97...122 ~= byte || byte == UInt8(ascii: "-") }
        let text = String(decoding: name, as: UTF8.self)
        // KeyMetadata shows the product in the place where it says `user` for all other keys.
        guard 1...32 ~= name.count, name.allSatisfy(isAllowed), text != "user" else {
            throw KMSError(
                .invalidParameterValue, "Product has 1 to 32 lower-case letters, digits and \"-\", and is not \"user\"")
        }
        return text
    }

    func perform(in call: Call) async throws(KMSError) -> CreateKey.Response {
        let usage = TencentKeyUsage.encryptDecrypt
        let purpose = usage.purpose(in: call.caller.realm.edition)
        let key = try await call.kms.create(
            NewKey(
                spec: purpose.spec, usage: purpose.usage, origin: .generated, owner: .product(product), alias: alias,
                description: description, tags: []),
            as: call.caller)
        return CreateKey.Response(key: key, usage: usage)
    }
}
