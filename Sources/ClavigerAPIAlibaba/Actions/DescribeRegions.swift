import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the regions there are: this server is one.
struct DescribeRegions: DataPlaneAction {
    init(_ values: AlibabaValues) throws(KMSError) {}

    func perform(in call: AlibabaCall) throws(KMSError) -> Response { Response(region: call.region) }

    struct Response: AlibabaResponse {
        let region: String

        func encode(to json: inout JSONWriter) {
            json.name("Regions")
            json.object { json in
                json.name("Region")
                json.array([region]) { json, region in
                    json.object { $0.member("RegionId", region) }
                }
            }
        }
    }
}
