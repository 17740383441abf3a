import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct MaterialEncodingTests {
    @Test(arguments: [
        (MaterialEncoding.hex, "0001ff"), (.hex, " 00 01\nFf\n"), (.base64, "AAH/"), (.base64, "AA\nH/\n"),
    ])
    func `Text becomes the bytes that it stands for`(encoding: MaterialEncoding, text: String) {
        #expect(encoding.decode(KeyMaterial(text.utf8)) == KeyMaterial([0, 1, 255]))
    }

    @Test(arguments: [
        (MaterialEncoding.hex, "0"), (.hex, "0g"), (.hex, "0x01"), (.base64, "AAH"), (.base64, "AAH*"),
        (.base64, "AB=="),
    ])
    func `Text of another kind is refused`(encoding: MaterialEncoding, text: String) {
        #expect(encoding.decode(KeyMaterial(text.utf8)) == nil)
    }

    @Test(arguments: MaterialEncoding.allCases)
    func `No text is no material`(encoding: MaterialEncoding) {
        #expect(encoding.decode(KeyMaterial([]))?.count == 0)
    }
}
