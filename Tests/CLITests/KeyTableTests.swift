import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct KeyTableTests {
    private static func key(_ members: String) throws -> JSONValue {
        try JSONParser.parse(Array("{\(members)}".utf8))
    }

    private static let symmetric = #""KeyUsage":"ENCRYPT_DECRYPT","Origin":"TENCENT_KMS","Type":2"#

    /// The names in a table of one key's properties.
    private static func properties(_ members: String) throws -> [String] {
        Table(key: try key(members)).text.split(separator: "\n").map { line in
            String(line.prefix(line.firstRange(of: "  ")?.lowerBound.utf16Offset(in: line) ?? 0))
        }
    }

    @Test func `A list has columns for rotation and expiry if a key has them`() throws {
        let plain = try Self.key(#""KeyId":"1","KeyRotationEnabled":false,"NextRotateTime":0,"ValidTo":0"#)
        let rotating = try Self.key(
            #""KeyId":"2","KeyRotationEnabled":true,"RotateDays":90,"NextRotateTime":1801396800"#)
        let expiring = try Self.key(#""KeyId":"3","ValidTo":1801396800"#)
        func header(_ keys: JSONValue...) -> Substring? { Table(keys: keys).text.split(separator: "\n").first }
        #expect(header(plain) == "KEY ID  ALIAS  STATE  USAGE  CREATED  DESCRIPTION")
        #expect(header(plain, rotating)?.contains("ROTATION  NEXT ROTATION") == true)
        #expect(header(plain, rotating)?.contains("VALID TO") == false)
        #expect(header(plain, expiring)?.contains("VALID TO") == true)
        #expect(header(plain, expiring)?.contains("ROTATION") == false)
    }

    @Test(arguments: [(2, "standard (AES-256)"), (4, "SM (SM4)")])
    func `The type of a symmetric key is shown as its region's edition`(type: Int, edition: String) throws {
        let key = try Self.key(#""KeyUsage":"ENCRYPT_DECRYPT","Type":\#(type)"#)
        #expect(Table(key: key).text.contains("Edition  \(edition)\n"))
    }

    @Test func `What means nothing for a key is not shown`() throws {
        let rotation =
            #","KeyRotationEnabled":false,"NextRotateTime":0,"LastRotateTime":0,"ValidTo":0,"DeletionDate":0"#
        #expect(try Self.properties(Self.symmetric + rotation) == ["Usage", "Edition", "Origin", "Rotation"])
        let external = #""KeyUsage":"ENCRYPT_DECRYPT","Origin":"EXTERNAL","Type":2"#
        #expect(try Self.properties(external + rotation) == ["Usage", "Edition", "Origin"])
        let asymmetric = #""KeyUsage":"ASYMMETRIC_DECRYPT_SM2","Origin":"TENCENT_KMS","Type":2"#
        #expect(try Self.properties(asymmetric + rotation) == ["Usage", "Origin"])
    }
}
