import ClavigerAPI
import NIOHTTP1
import Testing

@testable import ClavigerServer

@Suite struct DialectTests {
    private static let signed = HTTPHeaders([("X-Sdk-Date", "20240102T030405Z")])

    @Test(arguments: [
        ("/admin/v1/whoami", HTTPHeaders(), Dialect.admin), ("/v2/index.php", HTTPHeaders(), .tencentLegacy),
        ("/v2/index.php?Action=ListKey", signed, .tencentLegacy), ("/", HTTPHeaders(), .tencent),
        ("/?Action=ListKeys", signed, .tencent), ("/", signed, .huawei),
        ("/", HTTPHeaders([("X-Auth-Token", "t")]), .huawei), ("/v1.0", HTTPHeaders(), .huawei),
        ("/v1.0/", HTTPHeaders(), .huawei), ("/v1.0/project/kms/list-keys", HTTPHeaders(), .huawei),
        ("/v1.0/project/keystores", HTTPHeaders(), .huawei), ("/v2/project/kms/regions", HTTPHeaders(), .huawei),
        ("/v3/auth/tokens", HTTPHeaders(), .huaweiIdentity), ("/v3/projects?name=x", HTTPHeaders(), .huaweiIdentity),
        ("/v3.0/OS-CREDENTIAL/securitytokens", HTTPHeaders(), .huaweiIdentity),
        ("/", HTTPHeaders([("authorization", "ACS3-HMAC-SHA256 Credential=a")]), .alibaba),
        ("/", HTTPHeaders([("Authorization", "TC3-HMAC-SHA256 Credential=a")]), .tencent),
        ("/", HTTPHeaders([("X-Acs-Action", "Encrypt")]), .alibaba),
        ("/", HTTPHeaders([("x-acs-version", "1")]), .alibaba),
        ("/?AccessKeyId=a", HTTPHeaders(), .alibaba), ("/?a=b&SignatureNonce=", HTTPHeaders(), .alibaba),
        ("/?SignatureVersion=1.0", HTTPHeaders(), .alibaba), ("/?Version=2016-01-20&Action=x", HTTPHeaders(), .alibaba),
        ("/?Version=2019-01-18&Action=x", HTTPHeaders(), .tencent),
        ("/?SecretId=a&Signature=b", HTTPHeaders(), .tencent),
        ("/?MyAccessKeyId=a&AccessKeyIdx=b", HTTPHeaders(), .tencent), ("/?accesskeyid=a", HTTPHeaders(), .tencent),
        ("/v2/index.php?AccessKeyId=a", HTTPHeaders(), .tencentLegacy),
    ])
    func `A request reaches the dialect that its path belongs to`(
        target: String, headers: HTTPHeaders, expected: Dialect
    ) {
        let (path, query) = WireRequest.split(target)
        #expect(Dialect.of(path: path, query: query, headers: headers) == expected)
    }

    @Test(arguments: [
        ("Action=Encrypt&AccessKeyId=a&Signature=b", "", Dialect.alibaba),
        ("Version=2016-01-20", "", .alibaba), ("SignatureNonce=1", "", .alibaba),
        ("Action=Encrypt&SecretId=a&Signature=b&Version=2019-01-18", "", .tencent), ("", "", .tencent),
        (#"{"AccessKeyId=": "&AccessKeyId=a"}"#, "", .tencent),
        ("KeyId=x", "AccessKeyId=a", .alibaba), ("AccessKeyId=a", "Action=Encrypt&SecretId=b", .alibaba),
    ])
    func `A form in the body tells the dialect where the head does not`(
        body: String, query: String, expected: Dialect
    ) {
        let request = WireRequest(
            method: .POST, target: "/?\(query)", headers: HTTPHeaders(), body: Array(body.utf8),
            bodyWasTooLarge: false, source: "local")
        #expect(Dialect.of(request) == expected)
    }

    @Test func `A form at another path changes nothing`() {
        let request = WireRequest(
            method: .POST, target: "/v2/index.php", headers: HTTPHeaders(), body: Array("AccessKeyId=a".utf8),
            bodyWasTooLarge: false, source: "local")
        #expect(Dialect.of(request) == .tencentLegacy)
    }

    @Test(arguments: [
        "/readyz", "/metrics", "/v1.0x", "/v2/", "/v2//index.php", "/v2/index%2Ephp", "/v10/", "/v3x", "/v1",
    ])
    func `What belongs to no dialect is claimed by none`(target: String) {
        let (path, query) = WireRequest.split(target)
        #expect(!Dialect.allCases.contains { $0.api.claims(path: path, query: query, headers: Self.signed) })
    }

    @Test func `Only who claims to be somebody makes the server read a long body`() {
        let api = Dialect.huawei.api
        #expect(api.bodyLimit(method: .POST, headers: HTTPHeaders()) == 64 << 10)
        #expect(api.bodyLimit(method: .POST, headers: HTTPHeaders([("Authorization", "Basic x")])) == 64 << 10)
        #expect(api.bodyLimit(method: .POST, headers: HTTPHeaders([("X-Auth-Token", "t")])) == 12 << 20)
        #expect(
            api.bodyLimit(method: .POST, headers: HTTPHeaders([("Authorization", "SDK-HMAC-SHA256 Access=a")])) == 12
                << 20)
    }
}
