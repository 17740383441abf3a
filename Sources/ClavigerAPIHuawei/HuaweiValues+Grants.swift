import ClavigerCore
import ClavigerCrypto

/// Members that describe grants.
extension HuaweiValues {
    private static let grantIDSize = 64
    private static let longestPrincipal = 64
    private static let longestGrantName = 255

    /// Which page of grants is wanted.
    ///
    /// - Throws: KMS.1601, KMS.1602.
    func grantPage() throws(KMSError) -> (offset: Int, limit: Int) {
        let limit = try number("limit", in: 1...KeyGrant.mostPerKey, else: .invalidLimit) ?? KeyGrant.mostPerKey
        return (try offset("marker", else: .invalidMarker), limit)
    }

    /// The member `grant_id`.
    ///
    /// - Throws: KMS.0308.
    func grantID() throws(KMSError) -> String {
        let text = try text("grant_id") ?? ""
        guard text.utf8.count == Self.grantIDSize, text.utf8.allSatisfy({ Hex.value($0) != nil }) else {
            throw KMSError(HuaweiCode.invalidParameter, "grant_id has \(Self.grantIDSize) hexadecimal digits")
        }
        return text
    }

    /// The id of a user or a domain.
    ///
    /// - Throws: KMS.0308.
    func principal(_ name: StaticString) throws(KMSError) -> String? {
        guard let text = try bytes(name) else { return nil }
        guard (1...Self.longestPrincipal).contains(text.count), text.allSatisfy(Self.isOfPrincipal) else {
            throw KMSError(HuaweiCode.invalidParameter, "\(name) has 1 to \(Self.longestPrincipal) of A-Z a-z 0-9")
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The name of a grant.
    ///
    /// - Throws: KMS.0308.
    func grantName() throws(KMSError) -> String? {
        guard let text = try bytes("name") else { return nil }
        guard (1...Self.longestGrantName).contains(text.count), text.allSatisfy(Self.isOfGrantName) else {
            throw KMSError(
                HuaweiCode.invalidParameter, "name has 1 to \(Self.longestGrantName) of A-Z a-z 0-9 : / _ -")
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The member `operations`: each at most once, and not only the right to give rights away.
    ///
    /// - Throws: KMS.0308.
    func grantOperations() throws(KMSError) -> [GrantOperation] {
        var operations: [GrantOperation] = []
        for value in try list("operations", else: .invalidParameter) ?? [] {
            guard let operation = value.text.flatMap(GrantOperation.init(rawValue:)), !operations.contains(operation)
            else { throw KMSError(HuaweiCode.invalidParameter, "operations are names of operations, each once") }
            operations.append(operation)
        }
        guard !operations.isEmpty, operations != [.createGrant] else {
            throw KMSError(HuaweiCode.invalidParameter, "operations hold one besides create-grant")
        }
        return operations
    }

    private static func isOfPrincipal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isOfGrantName(_ byte: UInt8) -> Bool {
        isOfPrincipal(byte) || ":/_-".utf8.contains(byte)
    }
}
