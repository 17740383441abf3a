import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Names the usages that CreateKey takes in this region, and their algorithms.
struct ListAlgorithms: DataPlaneAction {
    static let parameters: [Parameter] = []

    init(_ values: ParameterValues) throws(KMSError) {}

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(edition: call.caller.realm.edition)
    }

    struct Response: TencentResponse {
        let edition: Realm.Edition

        func encode(to json: inout JSONWriter) {
            encode([.encryptDecrypt], as: "SymmetricAlgorithms", to: &json)
            encode([.decryptRSA2048, .decryptSM2], as: "AsymmetricAlgorithms", to: &json)
            encode([.signSM2, .signRSA2048, .signECC], as: "AsymmetricSignVerifyAlgorithms", to: &json)
        }

        private func encode(_ usages: [TencentKeyUsage], as name: StaticString, to json: inout JSONWriter) {
            json.name(name)
            json.array(usages) { json, usage in
                json.object { json in
                    json.member("KeyUsage", usage.rawValue)
                    json.member("Algorithm", usage.algorithm(in: edition))
                }
            }
        }
    }
}
