import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows the licences of the trusted service manager that the configuration holds.
struct DescribeTSMLicenses: DataPlaneAction {
    static let parameters: [Parameter] = []

    init(_ values: ParameterValues) throws(KMSError) {}

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(licenses: call.configuration.licenses)
    }

    struct Response: TencentResponse {
        let licenses: [TencentConfiguration.TSMLicense]

        func encode(to json: inout JSONWriter) {
            json.name("Licenses")
            json.array(licenses) { json, license in
                json.object { json in
                    if let version = license.version { json.member("Version", version) }
                    if let appID = license.appID { json.member("TsmAppId", appID) }
                    if let certificate = license.certificate { json.member("Cert", certificate) }
                }
            }
        }
    }
}
