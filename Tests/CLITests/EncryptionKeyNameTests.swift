import Testing

@testable import claviger

@Suite struct EncryptionKeyNameTests {
    @Test(arguments: [
        "00000000-0000-4000-8000-00000000abcd", "alias/orders",
        "acs:kms:cn-hangzhou:1:key/00000000-0000-4000-8000-00000000abcd", "acs:kms:cn-hangzhou:1:alias/orders",
    ])
    func `An id, an alias of the API and an ARN stay as they are`(text: String) {
        #expect(EncryptionKeyName(argument: text)?.parameter == text)
    }

    @Test(arguments: ["orders", "00000000-0000-4000-8000-00000000ABCD", "a/b"])
    func `Anything else is an alias`(text: String) {
        #expect(EncryptionKeyName(argument: text)?.parameter == "alias/" + text)
    }

    @Test func `There is no key without a name`() {
        #expect(EncryptionKeyName(argument: "") == nil)
    }
}
