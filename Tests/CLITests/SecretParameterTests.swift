import Testing

@testable import claviger

@Suite struct SecretParameterTests {
    private static func filters(_ texts: String...) throws -> [SecretFilter] {
        try texts.map { try #require(SecretFilter(argument: $0)) }
    }

    @Test func `Tags are a list of names and values`() throws {
        let tags = try ["env=prod", #"a="b"="#].map { try #require(KeyValue(argument: $0)) }
        #expect(
            SecretParameter.tags(tags)
                == #"[{"TagKey":"env","TagValue":"prod"},{"TagKey":"a","TagValue":"\"b\"="}]"#)
    }

    @Test func `Labels and names are a list of texts`() {
        #expect(SecretParameter.texts(["ACSCurrent", "a\"b"]) == #"["ACSCurrent","a\"b"]"#)
    }

    @Test func `A filter is one field with all its texts`() throws {
        #expect(
            SecretParameter.filter(try Self.filters("tag-key=a", "tag-key=b=c"))
                == #"[{"Key":"TagKey","Values":["a","b=c"]}]"#)
    }

    @Test func `What is not given is not sent`() {
        #expect(SecretParameter.tags([]) == nil)
        #expect(SecretParameter.texts([]) == nil)
        #expect(SecretParameter.filter([]) == nil)
    }

    @Test(arguments: [
        ("name=db/", "SecretName"), ("description=x", "Description"), ("tag-key=env", "TagKey"),
        ("tag-value=prod", "TagValue"),
    ])
    func `A field has its name in the API`(text: String, parameter: String) throws {
        #expect(try #require(SecretFilter(argument: text)).field.parameter == parameter)
    }

    @Test(arguments: ["", "name", "name=", "=x", "Name=x", "state=deleted"])
    func `Anything else is no filter`(text: String) {
        #expect(SecretFilter(argument: text) == nil)
    }
}
