import ClavigerCore

/// Keeps count of what a new policy will cost those who decide by it: every call of an account asks its policies.
///
/// Documents that are stored are not counted; what was taken once goes on.
final class PolicyLimits {
    private static let mostStatements = 100
    private static let mostBytesOfText = 512

    /// Of resources and values of conditions in all. Actions cost nothing: they become bits.
    private static let mostComparisons = 250

    /// Of a pattern with question marks, which are compared wherever they could stand.
    private static let mostBytesOfQuestions = 256

    private var comparisons = 0

    func check(statements: Int, at offset: Int) throws(PolicyFault) {
        guard statements <= Self.mostStatements else {
            throw PolicyFault("a policy has at most \(Self.mostStatements) statements", at: offset)
        }
    }

    func check(_ text: LocatedText) throws(PolicyFault) {
        let count = text.text.utf8.count
        guard count <= Self.mostBytesOfText else {
            throw PolicyFault(
                "a text has at most \(Self.mostBytesOfText) bytes, this one has \(count)", at: text.offset)
        }
    }

    /// - Parameter wildcards: what stands for something else in the text; `nil` if nothing does.
    func count(_ text: LocatedText, _ wildcards: Glob.Wildcards?) throws(PolicyFault) {
        comparisons += 1
        guard comparisons <= Self.mostComparisons else {
            throw PolicyFault(
                "a policy has at most \(Self.mostComparisons) resources and values of conditions in all",
                at: text.offset)
        }
        try check(text, wildcards)
    }

    func check(_ text: LocatedText, _ wildcards: Glob.Wildcards?) throws(PolicyFault) {
        try check(text)
        let count = text.text.utf8.count
        guard wildcards == .asteriskAndQuestionMark, count > Self.mostBytesOfQuestions, text.text.contains("?") else {
            return
        }
        throw PolicyFault(
            "a pattern with \"?\" has at most \(Self.mostBytesOfQuestions) bytes, this one has \(count)",
            at: text.offset)
    }
}
