import ClavigerAPI
import NIOHTTP1
import Testing

@testable import ClavigerAPIAlibaba

/// Which requests are this dialect's, of all that come to one server (contract, section 1).
@Suite struct ClaimsTests {
    private static func claims(_ path: String, _ query: String, _ headers: HTTPHeaders) -> Bool {
        Alibaba.claims(path: Array(path.utf8)[...], query: Array(query.utf8)[...], headers: headers)
    }

    @Test(
        arguments: [
            ("Action=Encrypt&Version=2016-01-20&AccessKeyId=x&Signature=y", [:]), ("AccessKeyId=x", [:]),
            ("SignatureVersion=1.0", [:]), ("SignatureNonce=", [:]), ("a=b&SignatureNonce=n&c=d", [:]),
            ("Version=2016-01-20", [:]), ("Action=CreateKey&Version=2016-01-20", [:]), ("AccessKeyId", [:]),
            ("", ["x-acs-action": "CreateKey"]), ("", ["X-Acs-Version": "2016-01-20"]), ("a=b", ["X-ACS-ACTION": ""]),
            ("", ["authorization": "ACS3-HMAC-SHA256 Credential=x,SignedHeaders=host,Signature=y"]),
            ("", ["Authorization": "ACS3-HMAC-SM3 x"]), ("", ["AUTHORIZATION": "ACS3-"]),
        ] as [(String, HTTPHeaders)])
    func `What has a mark of the dialect is its own`(query: String, headers: HTTPHeaders) {
        #expect(Self.claims("/", query, headers))
    }

    /// As the others' clients send them.
    @Test(
        arguments: [
            // Tencent: TC3, then its older signatures.
            (
                "/", "",
                [
                    "authorization":
                        "TC3-HMAC-SHA256 Credential=x/2023-11-14/kms/tc3_request, SignedHeaders=host, Signature=y",
                    "x-tc-action": "Encrypt", "x-tc-version": "2019-01-18",
                ]
            ),
            ("/", "KeyId=x", ["x-tc-action": "DescribeKey", "x-tc-version": "2019-01-18"]),
            (
                "/", "Action=Encrypt&Version=2019-01-18&Timestamp=1&Nonce=2&SecretId=x&Signature=y&Region=ap-guangzhou",
                [:]
            ),
            ("/", "Action=Encrypt&Nonce=2&SecretId=x&SignatureMethod=HmacSHA256&Signature=y", [:]),
            ("/v2/index.php", "Action=Encrypt&Nonce=2&SecretId=x&Signature=y", [:]),
            // Huawei: signatures, tokens.
            (
                "/v1.0/0123/kms/encrypt-data", "",
                [
                    "authorization": "SDK-HMAC-SHA256 Access=x, SignedHeaders=host, Signature=y",
                    "x-sdk-date": "20231114T221320Z",
                ]
            ),
            ("/v1.0/0123/kms/list-keys", "", ["x-auth-token": "t"]), ("/v3/auth/tokens", "nocatalog=true", [:]),
            ("/v1.0/0123/kms/list-keys", "AccessKeyId=x&Version=2016-01-20", ["x-acs-action": "ListKeys"]),
            // Administration, health, browsers.
            ("/admin/v1/keys", "", ["authorization": "Bearer x"]), ("/", "", ["accept": "text/html"]), ("/", "", [:]),
            ("/health", "", [:]), ("//", "Version=2016-01-20", [:]), ("/x", "Version=2016-01-20", [:]),
            ("", "Version=2016-01-20", [:]),
            // Nearly.
            ("/", "version=2016-01-20", [:]), ("/", "Version=2016-01-200", [:]), ("/", "Version=2019-01-18", [:]),
            ("/", "a=AccessKeyId", [:]), ("/", "AccessKeyIds=x", [:]), ("/", "accesskeyid=x", [:]),
            ("/", "x=SignatureNonce=y", [:]), ("/", "Signature=x", [:]), ("/", "SignatureMethod=HMAC-SHA1", [:]),
            ("/", "", ["x-acs-date": "x"]), ("/", "", ["x-acs-actions": "x"]),
            ("/", "", ["authorization": "acs3-hmac-sha256 x"]),
            ("/", "", ["authorization": "ACS4-HMAC-SHA256 x"]), ("/", "", ["x-authorization": "ACS3-HMAC-SHA256 x"]),
        ] as [(String, String, HTTPHeaders)])
    func `What has none is not`(path: String, query: String, headers: HTTPHeaders) {
        #expect(!Self.claims(path, query, headers))
    }

    @Test(arguments: [
        ("Action=Encrypt&Version=2016-01-20&AccessKeyId=x&Signature=y", true), ("Version=2016-01-20", true),
        ("x=y&SignatureVersion=1.0", true), ("SignatureNonce=n", true), ("AccessKeyId=", true), ("", false),
        ("&&", false),
        ("Action=Encrypt&Version=2019-01-18&SecretId=x&Nonce=2&Timestamp=1", false), ("SecretId=x", false),
        (#"{"KeyId":"AccessKeyId"}"#, false), ("KeyId=x&Plaintext=y", false), ("Version=2016-01-20x", false),
    ])
    func `A form tells as a query does`(form: String, isOwn: Bool) {
        #expect(Alibaba.claims(form: Array(form.utf8)[...]) == isOwn)
        #expect(Self.claims("/", form, [:]) == isOwn)
    }

    @Test func `Its own requests are claimed in whatever form they come`() async throws {
        let fixture = try await AlibabaFixture()
        for form in AlibabaClient.Form.allCases {
            let request = fixture.client.request("DescribeKey", [("KeyId", "x")], form: form)
            let isOfHead = Alibaba.claims(path: request.path, query: request.query, headers: request.headers)
            #expect(isOfHead || Alibaba.claims(form: request.body[...]), "\(form)")
            #expect(isOfHead == (form != .v1Form), "\(form)")
        }
    }
}
