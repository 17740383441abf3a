import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a data key: in plaintext, and encrypted under a customer master key.
struct GenerateDataKey: DataPlaneAction {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .optional("KeySpec", .string),
        .optional("NumberOfBytes", .unsigned),
        .optional("EncryptionContext", .string),
    ]

    private let id: KeyID
    private let count: Int
    private let context: EncryptionContext

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        count = try Self.count(spec: values.text("KeySpec"), number: values.number("NumberOfBytes"))
        context = try values.encryptionContext()
    }

    private static func count(spec: String?, number: UInt64?) throws(KMSError) -> Int {
        let ofSpec: Int?
        switch spec {
        case nil: ofSpec = nil
        case "AES_128": ofSpec = 16
        case "AES_256": ofSpec = 32
        default: throw KMSError(.invalidParameter, "KeySpec is AES_128 or AES_256")
        }
        // Where both are given, the number of bytes wins.
        guard let number else {
            guard let ofSpec else { throw KMSError(.invalidParameter, "one of KeySpec and NumberOfBytes is needed") }
            return ofSpec
        }
        guard 1...1024 ~= number else { throw KMSError(.invalidParameter, "NumberOfBytes is 1 to 1024") }
        return Int(number)
    }

    var keys: [KeyID] { [id] }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(
            id: id,
            dataKey: try call.kms.generateDataKey(count, under: keys[0], context: context, as: call.caller))
    }

    struct Response: TencentResponse {
        let id: KeyID
        let dataKey: DataKey

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.name("Plaintext")
            dataKey.plaintext.withUnsafeBytes { json.base64($0) }
            json.name("CiphertextBlob")
            dataKey.ciphertext.withUnsafeBytes { json.base64($0) }
        }
    }
}
