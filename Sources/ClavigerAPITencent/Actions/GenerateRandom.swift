import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes random bytes.
struct GenerateRandom: DataPlaneAction {
    static let parameters: [Parameter] = [.required("NumberOfBytes", .unsigned)]

    private let count: Int

    init(_ values: ParameterValues) throws(KMSError) {
        guard let count = values.number("NumberOfBytes"), 1...1024 ~= count else {
            throw KMSError(.invalidParameter, "NumberOfBytes is 1 to 1024")
        }
        self.count = Int(count)
    }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(plaintext: try call.kms.generateRandom(count, as: call.caller))
    }

    struct Response: TencentResponse {
        let plaintext: KeyMaterial

        func encode(to json: inout JSONWriter) {
            json.name("Plaintext")
            plaintext.withUnsafeBytes { json.base64($0) }
        }
    }
}
