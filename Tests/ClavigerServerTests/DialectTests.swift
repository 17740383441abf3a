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
    ])
    func `A request reaches the dialect that its path belongs to`(
        target: String, headers: HTTPHeaders, expected: Dialect
    ) {
        let (path, query) = WireRequest.split(target)
        #expect(Dialect.allCases.first { $0.api.claims(path: path, query: query, headers: headers) } == expected)
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
