import ArgumentParser
import Testing

@testable import claviger

@Suite struct FileContextOptionsTests {
    @Test(arguments: [
        ([], ""), (["--context", "a=1"], #"{"a":"1"}"#),
        (["--context", "a=1", "--context", "b=c=d"], #"{"a":"1","b":"c=d"}"#),
        (["--context", #"{"a": 1}"#], #"{"a": 1}"#), (["--context-json", #"{"a": 1}"#], #"{"a": 1}"#),
    ])
    func `A context is pairs or an object`(arguments: [String], text: String) throws {
        #expect(try FileContextOptions.parse(arguments).text() == text)
    }

    @Test(arguments: [
        ["--context", "a"], ["--context", "=1"], ["--context", "a=1", "--context", "a=2"], ["--context", "{"],
        ["--context", "{}", "--context", "a=1"], ["--context", "{}", "--context-json", "{}"],
        ["--context", "a=1", "--context-json", "{}"], ["--context-json", "[]"],
    ])
    func `It is not both, and has no name twice`(arguments: [String]) {
        #expect(throws: (any Error).self) { try FileContextOptions.parse(arguments) }
    }
}
