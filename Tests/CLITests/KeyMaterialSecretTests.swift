import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct KeyMaterialSecretTests {
    private static func response(_ text: String, _ type: String) throws -> JSONValue {
        try JSONParser.parse(Array(#"{"SecretData":"\#(text)","SecretDataType":"\#(type)"}"#.utf8))
    }

    @Test func `Text comes as it is`() throws {
        let response = try Self.response("AAH/", "text")
        #expect(try KeyMaterial(secretOf: response, .given) == KeyMaterial("AAH/".utf8))
    }

    @Test func `Bytes are decoded, unless they are wanted as they are kept`() throws {
        let response = try Self.response("AAH/", "binary")
        #expect(try KeyMaterial(secretOf: response, .given) == KeyMaterial([0, 1, 255]))
        #expect(try KeyMaterial(secretOf: response, .stored) == KeyMaterial("AAH/".utf8))
    }

    @Test(arguments: ["AAH", "AAH*", "no base64"])
    func `What another client has kept as bytes and is no base64 is refused without being quoted`(text: String) throws {
        let response = try Self.response(text, "binary")
        let error = #expect(throws: CommandFailure.self) { try KeyMaterial(secretOf: response, .given) }
        #expect(error?.description.contains(text) == false)
        #expect(error?.hint != nil)
        #expect(try KeyMaterial(secretOf: response, .stored) == KeyMaterial(text.utf8))
    }

    @Test(arguments: ["{}", #"{"SecretData":7}"#])
    func `An answer without a value is refused`(answer: String) throws {
        let response = try JSONParser.parse(Array(answer.utf8))
        #expect(throws: CommandFailure.self) { try KeyMaterial(secretOf: response, .given) }
    }
}
