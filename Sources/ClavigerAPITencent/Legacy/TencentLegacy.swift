package import ClavigerAPI
package import ClavigerCore
package import NIOHTTP1

/// The dialect of Tencent Cloud's older KMS, API v2: nine actions, and two more that the old client knows, on the same keys.
package enum TencentLegacy: APIDialect {
    static let name = "tencent-v2"
    static let envelope: any TencentEnvelope.Type = LegacyEnvelope.self

    /// The old client's region sits in its host name, and is not sent.
    static let hasDefaultRegion = true

    private static let path = "/v2/index.php"

    static let actions: [TencentOperation] = [
        .management(CreateKey.self, .createKey, rate: 100),
        .management(GetKeyAttributes.self, .describeKey, rate: 100),
        .management(SetKeyAttributes.self, .updateAlias, rate: 100),
        .management(ListKey.self, .listKeys, rate: 50),
        .management(EnableKey.self, .enableKey, rate: 100),
        .management(DisableKey.self, .disableKey, rate: 100),
        .management(ScheduleKeyDeletion.self, .scheduleKeyDeletion, rate: 20),
        .management(CancelKeyDeletion.self, .cancelKeyDeletion, rate: 20),
        .dataPlane(Encrypt.self, .encrypt, rate: 300),
        .dataPlane(Decrypt.self, .decrypt, rate: 300),
        .dataPlane(GenerateDataKey.self, .generateDataKey, rate: 100),
    ]
}

extension TencentLegacy {
    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        path.elementsEqual(Self.path.utf8)
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int { Tencent.longestForm }

    package static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply {
        envelope.failure(error, requestID: requestID)
    }
}

extension TencentLegacy: TencentGeneration {
    static func parse(_ request: WireRequest) throws(KMSError) -> TencentRequest {
        try TencentRequest.checkFraming(request)
        return try TencentRequest.parseV1(request, isLegacyClient: true)
    }

    /// A version may be sent; there is only one.
    static func requireVersion(_ version: String?) throws(KMSError) {}

    static func names(of realm: Realm) -> [String] { realm.tencentNames }
}
