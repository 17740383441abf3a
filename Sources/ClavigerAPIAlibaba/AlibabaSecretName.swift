import ClavigerCore
import ClavigerCrypto

/// A secret as a call names it: by its name or its ARN.
struct AlibabaSecretName: Sendable {
    private static let pathPrefix = "secret/"
    private static let reservedPrefix = "acs/"
    private static let lengths = 1...192

    let name: SecretName

    /// `nil` for a name of the caller's own region and account.
    let place: AlibabaKeyName.Place?

    /// - Returns: `nil` for a text that no secret can have as its name or ARN.
    init?(_ text: String) {
        guard let arn = AlibabaARN(text) else {
            guard let name = Self.name(text) else { return nil }
            self.name = name
            place = nil
            return
        }
        guard arn.path.hasPrefix(Self.pathPrefix), let name = Self.name(arn.path.dropFirst(Self.pathPrefix.count))
        else { return nil }
        self.name = name
        place = AlibabaKeyName.Place(region: arn.region, account: arn.account)
    }

    /// The part of a secret's ARN behind region and account; audit events have it too.
    static func path(_ name: SecretName) -> String { pathPrefix + name.text }

    /// What an audit event says of it.
    var resource: String { Self.path(name) }

    /// The name of a secret itself; `nil` for a text that cannot be one.
    static func name(_ text: some StringProtocol) -> SecretName? {
        guard lengths.contains(text.utf8.count), text.utf8.allSatisfy(isOfName), !text.hasPrefix(reservedPrefix) else {
            return nil
        }
        return SecretName(checked: String(text))
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "+"),
            UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension AlibabaValues {
    /// A secret by its name or ARN.
    ///
    /// - Throws: `.missingParameter`, `.invalidParameter`.
    func secretName(_ parameter: StaticString = "SecretName") throws(KMSError) -> AlibabaSecretName {
        guard let name = AlibabaSecretName(try required(parameter)) else { throw Self.invalidSecretName(parameter) }
        return name
    }

    /// The name of a secret that is to be made.
    func newSecretName(_ parameter: StaticString = "SecretName") throws(KMSError) -> SecretName {
        guard let name = AlibabaSecretName.name(try required(parameter)) else {
            throw Self.invalidSecretName(parameter)
        }
        return name
    }

    private static func invalidSecretName(_ parameter: StaticString) -> KMSError {
        KMSError(
            .invalidParameter, "\(parameter) is 1 to 192 of A-Z a-z 0-9 _ / + = . @ - and does not begin with acs/")
    }
}

extension AlibabaCall {
    /// The name of the secret that is meant, which need not exist.
    ///
    /// - Throws: `.secretNotFound` for a secret of another region or account, or `.accessDenied` to those who have no right to secrets.
    func secret(_ name: AlibabaSecretName) throws(KMSError) -> SecretName {
        guard let place = name.place, !isOwn(region: place.region, account: place.account) else { return name.name }
        try caller.require(on: .all(.secret))
        throw KMSError(.secretNotFound, "no secret of this account and region has this name")
    }
}
