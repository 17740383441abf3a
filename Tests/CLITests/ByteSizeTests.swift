import Testing

@testable import claviger

@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("1", 1), ("1000", 1000), ("64K", 65536), ("64k", 65536), ("1M", 1 << 20), ("3G", 3 << 30),
        ("2T", 2 << 40), ("18446744073709551615", UInt64.max),
    ])
    func `A size is digits and a power of 1024`(text: String, bytes: UInt64) {
        #expect(ByteSize(argument: text)?.bytes == bytes)
    }

    @Test(arguments: ["", "K", "-1", "+1", "1.5M", "1KB", "1 K", "64Q", "٣", "18446744073709551616", "16777216T"])
    func `Anything else is none`(text: String) {
        #expect(ByteSize(argument: text) == nil)
    }

    @Test(arguments: [(0, "0"), (1000, "1000"), (65536, "64K")])
    func `A size is shown as it is written`(bytes: UInt64, text: String) {
        #expect(ByteSize(bytes: bytes).defaultValueDescription == text)
    }
}
