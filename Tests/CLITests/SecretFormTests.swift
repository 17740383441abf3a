import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct SecretFormTests {
    @Test(arguments: [
        ("p&=+ %~*雪", "SecretData=p%26%3D%2B%20%25~%2A%E9%9B%AA"), ("azAZ09-._~", "SecretData=azAZ09-._~"),
        ("\n\u{0}\"\\", "SecretData=%0A%00%22%5C"),
    ])
    func `A value is percent-encoded in a form of one parameter`(value: String, form: String) {
        #expect(String(decoding: SecretForm.body(of: KeyMaterial(value.utf8)), as: UTF8.self) == form)
    }

    @Test func `The longest value fits, whatever its bytes`() {
        let value = KeyMaterial(repeatElement(UInt8(ascii: "%"), count: 30720))
        #expect(SecretForm.body(of: value).count == 11 + 3 * 30720)
    }
}
