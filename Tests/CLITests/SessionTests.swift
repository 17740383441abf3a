import Testing

@Suite(
    .serialized,
    .enabled(if: Program.isThere, "the sessions run the program itself: build it, or name it in CLAVIGER_BINARY"))
struct SessionTests {
    @Test(arguments: Session.all)
    func `A session at the terminal goes as written`(session: Session) async throws {
        let run = try await SessionRun(serverFlags: session.serverFlags)
        var names = run.environment.filter { $0.key == "SERVER" || $0.key == "HOME" }
        for step in session.steps {
            let outcome = try await run.run(step.command, names: names)
            let isExpected =
                try SessionPattern.matches(outcome.output, step.output, &names)
                && SessionPattern.matches(outcome.errorOutput, step.errorOutput, &names)
                && outcome.status == step.status
            guard isExpected else {
                Issue.record(
                    """
                    \(session.name).session:\(step.line): \(step.command)
                    expected:
                    \(Self.text(step.output, step.errorOutput, step.status))
                    was:
                    \(Self.text(outcome.output, outcome.errorOutput, outcome.status))
                    """)
                return
            }
        }
    }

    @Test func `There are sessions`() {
        #expect(!Session.all.isEmpty)
        #expect(Session.all.allSatisfy { !$0.steps.isEmpty })
    }

    private static func text(_ output: [String], _ errorOutput: [String], _ status: Int32) -> String {
        (output + errorOutput.map { "! \($0)" } + ["= \(status)"]).joined(separator: "\n")
    }
}
