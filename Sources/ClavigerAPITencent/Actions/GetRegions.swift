import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Names the regions; the one action that needs none itself.
struct GetRegions: DataPlaneAction {
    static let parameters: [Parameter] = []
    static let needsRegion = false

    init(_ values: ParameterValues) throws(KMSError) {}

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(regions: call.kms.realms.compactMap(\.tencentNames.first))
    }

    struct Response: TencentResponse {
        let regions: [String]

        func encode(to json: inout JSONWriter) {
            json.name("Regions")
            json.array(regions) { $0.string($1) }
        }
    }
}
