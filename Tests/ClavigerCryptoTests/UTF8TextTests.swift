import Testing

@testable import ClavigerCrypto

@Suite struct UTF8TextTests {
    /// The bounds of each row of the Unicode Standard, table 3-7.
    @Test(arguments: [
        "00", "7f", "c280", "dfbf", "e0a080", "e0bfbf", "e18080", "ecbfbf", "ed8080", "ed9fbf", "ee8080", "efbfbf",
        "f0908080",
        "f0bfbfbf", "f1808080", "f3bfbfbf", "f4808080", "f48fbfbf",
    ])
    func `A well-formed sequence is one scalar`(hex: String) {
        let bytes = [UInt8](hex: hex)
        #expect(UTF8Text.scalarLength(bytes, at: 0) == bytes.count)
        #expect(UTF8Text.scalarLength([0x80] + bytes + [0x80], at: 1) == bytes.count)
        #expect(UTF8Text.isValid(bytes))
        for end in 1..<bytes.count { #expect(!UTF8Text.isValid(Array(bytes[..<end]))) }
    }

    @Test(arguments: [
        "80", "bf", "c0", "c080", "c1bf", "c27f", "c2c0", "df7f", "e08080", "e09fbf", "e0a07f", "e17f80", "e18000",
        "eda080",
        "edbfbf", "ef80c0", "f0808080", "f08fbfbf", "f0908000", "f1807f80", "f4908080", "f5808080", "f8808080", "fe",
        "ff",
        "61ff62", "c2",
    ])
    func `An ill-formed sequence is refused`(hex: String) {
        #expect(!UTF8Text.isValid([UInt8](hex: hex)))
    }

    @Test func `Every scalar is text`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { continue }
            let bytes = Array(encoded)
            if UTF8Text.scalarLength(bytes, at: 0) != bytes.count { Issue.record("scalar \(value)") }
        }
    }

    /// Every first byte with the bounds of the ranges of table 3-7 in the places after it.
    @Test(arguments: UInt8.min...UInt8.max)
    func `Validation agrees with the standard library`(first: UInt8) {
        let bounds: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for second in bounds {
            for third in bounds {
                for fourth in bounds {
                    for bytes in [[first], [first, second], [first, second, third], [first, second, third, fourth]] {
                        let expected = String(validating: bytes, as: UTF8.self) != nil
                        if UTF8Text.isValid(bytes) != expected { Issue.record("\(Hex.string(bytes))") }
                    }
                }
            }
        }
    }
}
