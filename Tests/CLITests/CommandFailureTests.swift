import Testing

@testable import claviger

@Suite struct CommandFailureTests {
    @Test func `A refusal shows code, request and hint`() {
        let failure = CommandFailure("no such key", code: "A.B", requestID: "1", hint: "look")
        #expect(failure.description == "error: no such key (A.B, request 1)\nhint: look")
    }

    @Test func `A failure of this program has neither code nor request`() {
        #expect(CommandFailure("no").description == "error: no")
    }

    @Test func `What a server sends cannot control the terminal`() {
        #expect(CommandFailure("a\u{1B}]0;b\u{7}\nc").description == "error: a\\u{1b}]0;b\\u{7}\\nc")
    }
}
