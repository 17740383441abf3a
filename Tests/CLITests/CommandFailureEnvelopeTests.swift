import ClavigerEnvelope
import Testing

@testable import claviger

@Suite struct CommandFailureEnvelopeTests {
    private static let disabled = CommandFailure("disabled", code: "ResourceUnavailable.CmkDisabled", hint: "enable it")
    private static let invalid = CommandFailure("no", code: "InvalidParameterValue.InvalidCiphertext", requestID: "1")

    private static func failure(
        _ code: EnvelopeError.Code, _ message: String = "why", _ failures: [CommandFailure] = [],
        isTerminal: Bool = false
    ) -> CommandFailure {
        CommandFailure(EnvelopeError(code, message), input: "a", failures: failures, isTerminal: isTerminal)
    }

    @Test(arguments: [
        (EnvelopeError.Code.emptySource, "there is nothing to encrypt: a is empty"),
        (.notAMessage, "a is no encrypted file"), (.messageTooShort, "a is cut short"),
        (.malformedMessage, "a is damaged: why"), (.unknownAlgorithm, "a is encrypted in a way"),
        (.algorithmNotAccepted, "a is encrypted in a way that does not show"), (.notAuthentic, "a was changed"),
        (.inputOutput, "why"), (.outOfMemory, "why"),
    ])
    func `An error of the library is told by the file's name`(code: EnvelopeError.Code, message: String) {
        #expect(Self.failure(code).message.hasPrefix(message))
    }

    @Test func `One call that failed says all about it`() {
        #expect(Self.failure(.dataKeyNotGenerated, "why", [Self.disabled]) == Self.disabled)
        #expect(Self.failure(.dataKeyNotDecrypted, "why", [Self.disabled, Self.disabled]) == Self.disabled)
    }

    @Test func `Several that failed for different reasons are all told, with a hint for one`() {
        let failure = Self.failure(.dataKeyNotGenerated, "why", [CommandFailure("gone"), Self.disabled])
        #expect(failure == CommandFailure("why", hint: "enable it"))
    }

    @Test func `A file that no key knows is another's`() {
        let failure = Self.failure(.dataKeyNotDecrypted, "why", [Self.invalid, Self.invalid])
        #expect(failure.message == "no key of the server opens a")
        #expect(failure.requestID == "1")
        #expect(failure.hint?.contains("another server") == true)
    }

    @Test(arguments: [
        "the source has 1 bytes, not 2", "writing failed: No space left on device",
        "no temporary file can be made in /x",
    ])
    func `What a flag or a variable can help has a hint`(message: String) {
        #expect(Self.failure(.inputOutput, message).hint?.contains("--size") == true)
    }

    @Test func `What a terminal cannot show has a hint`() {
        #expect(Self.failure(.inputOutput, isTerminal: true).hint == FileWork.outHint)
    }
}
