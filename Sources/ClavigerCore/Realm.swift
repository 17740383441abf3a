/// The name of an isolated region; each has its own keys and aliases.
package struct RealmID: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package init(_ name: String) { self.name = name }
    package var description: String { name }
}

/// A region: an isolated set of keys, and its names in each dialect.
package struct Realm: Hashable, Sendable {
    /// What decides the default symmetric algorithm and the length of imported material.
    package enum Edition: String, CaseIterable, Sendable {
        /// AES-256, 256-bit material.
        case standard
        /// 国密: SM4, 128-bit material.
        case guomi

        /// What a symmetric key is made of, unless its maker says otherwise.
        package var symmetricSpec: KeySpec {
            switch self {
            case .standard: .aes256
            case .guomi: .sm4
            }
        }
    }

    package let id: RealmID
    package let edition: Edition

    /// The name in Tencent's API 2019-01-18 (`ap-guangzhou`), then the short names of its legacy API (`gz`).
    package let tencentNames: [String]
    package let alibabaNames: [String]
    package let huaweiNames: [String]

    package init(id: RealmID, edition: Edition, tencent: [String], alibaba: [String], huawei: [String]) {
        self.id = id
        self.edition = edition
        tencentNames = tencent
        alibabaNames = alibaba
        huaweiNames = huawei
    }
}

extension Realm {
    /// The regions of a server without configuration.
    package static let builtIn: [Realm] = [
        Realm(
            id: RealmID("south"), edition: .standard, tencent: ["ap-guangzhou", "gz"],
            alibaba: ["cn-hangzhou", "cn-shenzhen"], huawei: ["ae-ad-1", "cn-south-1"]),
        Realm(
            id: RealmID("east"), edition: .standard, tencent: ["ap-shanghai", "sh"],
            alibaba: ["cn-shanghai"], huawei: ["cn-east-3"]),
        Realm(
            id: RealmID("north"), edition: .standard, tencent: ["ap-beijing", "bj"],
            alibaba: ["cn-beijing"], huawei: ["cn-north-4"]),
        Realm(
            id: RealmID("guomi"), edition: .guomi, tencent: ["ap-shenzhen-fsi"],
            alibaba: ["cn-shenzhen-finance-1"], huawei: ["cn-south-4"]),
    ]
}
