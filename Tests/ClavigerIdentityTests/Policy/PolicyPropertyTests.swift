import ClavigerCore
import ClavigerIdentity
import Testing

@Suite struct PolicyPropertyTests {
    private static let callsPerSeed = 5000

    /// 100,000 sets of policies, each with one call.
    @Test(arguments: 1...20)
    func `The evaluator decides as the reference implementation does`(seed: UInt64) throws {
        var generator = PolicyGenerator(seed: seed)
        let reference = ReferenceEvaluator()
        var counts: [String: Int] = [:]
        for _ in 0..<Self.callsPerSeed {
            let call = generator.call()
            let (documents, keyDocument) = generator.policies(for: call)
            let texts = documents.map { generator.text(of: $0) }
            let policies = try zip(documents, texts).map { try read($0, $1, .identity) }
            let keyText = keyDocument.map { generator.text(of: $0) }
            let keyPolicy = try keyDocument.map { try read($0, keyText ?? "", .key) }
            let decision = Rights(policies).decide(
                call.permission, on: call.resource(policy: keyPolicy), in: call.realm, for: call.principal,
                facts: try call.facts())
            let expected = reference.decide(documents, keyPolicy: keyDocument, call)
            counts[String(expected.prefix { $0 != " " }), default: 0] += 1
            guard words(decision) == expected else {
                Issue.record("\(words(decision)), expected \(expected)\n\(call)\n\(texts)\n\(keyText ?? "")")
                return
            }
        }
        // A generator that makes one kind of answer only would test nothing.
        for word in ["allowed", "denied", "notAllowed"] {
            #expect(counts[word, default: 0] * 10 >= Self.callsPerSeed, "\(counts)")
        }
    }

    private func words(_ decision: AccessDecision) -> String {
        decision.statement.map { "\(decision.word) \($0)" } ?? decision.word
    }

    private func read(_ document: ReferenceEvaluator.Document, _ text: String, _ kind: PolicyKind) throws -> Policy {
        do {
            return try PolicyFixture.reader.read(
                PolicyDocument(language: document.language, text: text), named: document.name, for: kind,
                account: PolicyFixture.account)
        } catch {
            Issue.record("\(error.message)\n\(text)")
            throw error
        }
    }
}
