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
        .management(CreateKey.self),
        .management(GetKeyAttributes.self),
        .management(SetKeyAttributes.self),
        .management(ListKey.self),
        .management(EnableKey.self),
        .management(DisableKey.self),
        .management(ScheduleKeyDeletion.self),
        .management(CancelKeyDeletion.self),
        .dataPlane(Encrypt.self),
        .dataPlane(Decrypt.self),
        .dataPlane(GenerateDataKey.self),
    ]
}

extension TencentLegacy {
    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        path.elementsEqual(Self.path.utf8)
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int { Tencent.longestForm }

    package static func refusal(_ error: KMSError, requestID: String) -> Reply {
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
