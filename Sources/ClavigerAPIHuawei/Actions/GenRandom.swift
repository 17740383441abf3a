import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes random bytes (contract, section 7.8).
struct GenRandom: DataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/gen-random")
    static let required: [StaticString] = ["random_data_length"]

    private let count: Int

    init(_ values: HuaweiValues) throws(KMSError) {
        guard let count = try values.byteCount("random_data_length", else: .invalidRandomLength) else {
            throw KMSError(HuaweiCode.missingParameter)
        }
        self.count = count
    }

    func perform(in call: HuaweiCall) throws(KMSError) -> Response {
        Response(random: try call.kms.generateRandom(count, as: call.caller))
    }

    struct Response: HuaweiResponse {
        let random: KeyMaterial

        func encode(to json: inout JSONWriter) {
            json.name("random_data")
            random.withUnsafeBytes { json.hexadecimal($0) }
        }
    }
}
