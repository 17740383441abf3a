import Testing

@testable import claviger

@Suite struct FileKeyNameTests {
    @Test(arguments: [
        ("orders", nil, "orders"), ("ap-beijing:orders", "ap-beijing", "orders"),
        ("ap-beijing:a:b", "ap-beijing", "a:b"),
    ])
    func `A key may have its region before it`(text: String, region: String?, key: String) throws {
        let name = try #require(FileKeyName(argument: text))
        #expect(name.region == region)
        #expect(name.key == key)
    }

    @Test(arguments: ["", ":", "a:", ":b"])
    func `Neither the region nor the key is empty`(text: String) {
        #expect(FileKeyName(argument: text) == nil)
    }
}
