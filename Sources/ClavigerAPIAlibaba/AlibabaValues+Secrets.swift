import ClavigerCore
import ClavigerCrypto

/// Parameters of secrets, their versions and their labels.
extension AlibabaValues {
    /// Bytes of a value.
    private static let secretValueSizes = 1...30_720

    /// Characters of a version's id, and of a label.
    private static let longestVersionName = 64

    private static let longestSecretDescription = 8192

    /// The value of a secret: text, whatever its form is said to be.
    func secretValue(_ name: StaticString = "SecretData") throws(KMSError) -> KeyMaterial {
        let text = try requiredBytes(name)
        guard Self.secretValueSizes.contains(text.count) else {
            throw KMSError(.invalidParameter, "\(name) has 1 to \(Self.secretValueSizes.upperBound) bytes")
        }
        return KeyMaterial(text)
    }

    func secretForm(_ name: StaticString = "SecretDataType") throws(KMSError) -> SecretVersion.Form {
        try choice(name, SecretVersion.Form.allCases.map { ($0.alibaba, $0) }) ?? .text
    }

    func secretDescription(_ name: StaticString = "Description") throws(KMSError) -> String? {
        try freeText(name, longest: Self.longestSecretDescription)
    }

    /// The id of a version; `nil` if it is absent.
    func secretVersion(_ name: StaticString) throws(KMSError) -> String? {
        guard let text = given(name) else { return nil }
        return try Self.versionName(text[...], name)
    }

    /// The id of a version, which a call must have.
    func requiredSecretVersion(_ name: StaticString) throws(KMSError) -> String {
        try Self.versionName(try requiredBytes(name)[...], name)
    }

    /// A label; `nil` if it is absent.
    func secretStage(_ name: StaticString) throws(KMSError) -> SecretStage? {
        try secretVersion(name).map(SecretStage.init(checked:))
    }

    /// Labels: JSON text, a list of them or an object with the list as its `VersionStage`; that of the current version if it is absent.
    func secretStages(_ name: StaticString) throws(KMSError) -> [SecretStage] {
        guard let value = try json(name) else { return [.current] }
        guard case .array(let entries) = value["VersionStage"] ?? value, !entries.isEmpty else {
            throw KMSError(.invalidParameter, "\(name) is a list of labels, one at least")
        }
        var stages: [SecretStage] = []
        for entry in entries {
            guard case .string(let text) = entry, !text.isEmpty else {
                throw KMSError(.invalidParameter, "\(name) is a list of texts")
            }
            stages.append(SecretStage(checked: try Self.versionName(text, name)))
        }
        return stages
    }

    private static func versionName(_ text: ArraySlice<UInt8>, _ name: StaticString) throws(KMSError) -> String {
        let word = String(decoding: text, as: UTF8.self)
        guard word.unicodeScalars.count <= longestVersionName, !text.contains(0) else {
            throw KMSError(
                .invalidParameter, "\(name) has at most \(longestVersionName) characters, none of them U+0000")
        }
        return word
    }
}

extension SecretVersion.Form {
    var alibaba: String {
        switch self {
        case .text: "text"
        case .binary: "binary"
        }
    }
}
