/// Why a command could not do its work: what the user reads on standard error.
struct CommandFailure: Error, Hashable, Sendable {
    /// Lower-case, without a full stop: what was wrong.
    let message: String

    /// The server's code and the request's id, if a server refused.
    let code: String?
    let requestID: String?

    /// What to do about it.
    let hint: String?

    init(_ message: String, code: String? = nil, requestID: String? = nil, hint: String? = nil) {
        self.message = message
        self.code = code
        self.requestID = requestID
        self.hint = hint
    }
}

extension CommandFailure {
    static let noRegion = CommandFailure(
        "no region is given", hint: "pass --region or set CLAVIGER_REGION; `claviger regions` names them")
}

extension CommandFailure: CustomStringConvertible {
    /// `error: MESSAGE (CODE, request ID)`, and the hint on a line of its own. Text of servers cannot control the terminal.
    var description: String {
        var text = "error: \(message)"
        let details = [code, requestID.map { "request \($0)" }].compactMap(\.self)
        if !details.isEmpty { text += " (\(details.joined(separator: ", ")))" }
        text = DisplayText.visible(text)
        if let hint { text += "\nhint: \(DisplayText.visible(hint))" }
        return text
    }
}
