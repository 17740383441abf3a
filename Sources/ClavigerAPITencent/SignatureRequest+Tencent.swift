import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension SignatureRequest {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("Algorithm", .string),
        .required("Message", .string),
        .optional("MessageType", .string),
    ]

    private static let longestMessage = 4096

    init(_ values: ParameterValues) throws(KMSError) {
        let (scheme, encoding) = try Self.algorithm(values.text("Algorithm") ?? "")
        switch values.text("MessageType") {
        case nil, "RAW":
            self.init(
                .message(try values.base64("Message", 1...Self.longestMessage)), scheme: scheme, encoding: encoding)
        case "DIGEST":
            self.init(
                .digest(try values.base64("Message", scheme.digestSize...scheme.digestSize)), scheme: scheme,
                encoding: encoding)
        default:
            throw KMSError(.invalidParameter, "MessageType is RAW or DIGEST")
        }
    }

    private static func algorithm(_ name: String) throws(KMSError) -> (SignatureScheme, SignatureEncoding) {
        switch name {
        // The vendor's page prints the second name with a blank, its SDK with an underscore.
        case "SM2DSA", "SM2DSA_ASN1", "SM2DSA ASN1": return (.sm2DSA, .der)
        case "SM2DSA_RAW", "SM2DSA RAW": return (.sm2DSA, .raw)
        case "ECC_P256_R1": return (.ecdsaSHA256, .der)
        case "RSA_PSS_SHA_256": return (.rsaPSSSHA256, .der)
        case "RSA_PKCS1_SHA_256": return (.rsaPKCS1SHA256, .der)
        default:
            throw KMSError(
                .invalidParameter,
                "Algorithm is SM2DSA, SM2DSA_ASN1, SM2DSA_RAW, ECC_P256_R1, RSA_PSS_SHA_256 or RSA_PKCS1_SHA_256")
        }
    }
}
