package import ClavigerCore
import ClavigerCrypto

/// Reads policies in the three languages.
package struct PolicyReader: Sendable {
    /// The most bytes of a policy.
    package static let mostBytes = 16 * 1024

    private let realms: [Realm]

    package init(realms: [Realm]) { self.realms = realms }

    /// Checks and reads a document that somebody wants to store in an account.
    ///
    /// - Throws: `.invalidPolicy` with line and column, and what was probably meant.
    package func read(
        _ document: PolicyDocument, named name: String, for kind: PolicyKind, account: Account
    ) throws(KMSError) -> Policy {
        try read(document, name, kind, account, .new)
    }

    /// Reads a document that was checked when it was stored. One that cannot be read any more, such as one of a newer
    /// version, denies everything; a region that the server no longer has gives nobody more rights.
    package func readStored(
        _ document: PolicyDocument, named name: String, for kind: PolicyKind, account: Account
    ) -> Policy {
        (try? read(document, name, kind, account, .stored)) ?? .denyingEverything(named: name)
    }

    private func read(
        _ document: PolicyDocument, _ name: String, _ kind: PolicyKind, _ account: Account,
        _ strictness: StatementReader.Strictness
    ) throws(KMSError) -> Policy {
        let text = Array(document.text.utf8)
        guard text.count <= Self.mostBytes else {
            throw KMSError(.invalidPolicy, "a policy has at most \(Self.mostBytes) bytes, this one has \(text.count)")
        }
        let reader = StatementReader(
            grammar: .of(document.language), realms: realms, account: account, kind: kind, name: name,
            strictness: strictness)
        do throws(PolicyFault) {
            return try reader.policy(try LocatedJSON(parsing: text))
        } catch {
            throw error.error(in: text)
        }
    }

    /// The language of a document, by its version; `nil` if it is in none.
    package static func language(of text: String) -> PolicyLanguage? {
        guard text.utf8.count <= mostBytes, let value = try? JSONParser.parse(Array(text.utf8)) else { return nil }
        return PolicyLanguage.allCases.first { language in
            let grammar = PolicyGrammar.of(language)
            return value[grammar.word(.version)]?.text == grammar.version
        }
    }
}
