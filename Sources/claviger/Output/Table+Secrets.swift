import ClavigerCrypto

extension Table {
    /// A list of secrets. Their deletion has a column if any of them waits for it.
    ///
    /// - Parameter showsTags: whether their tags have one.
    init(secrets: [JSONValue], showsTags: Bool) {
        let showsDeletion = secrets.contains { Self.deletion($0) != nil }
        self.init(
            columns: ["SECRET", "TYPE", "CREATED"] + (showsDeletion ? ["DELETION"] : []) + (showsTags ? ["TAGS"] : []),
            rows: secrets.map { secret in
                [
                    secret["SecretName"]?.text ?? "", secret["SecretType"]?.text ?? "",
                    Self.moment(secret["CreateTime"]) ?? "",
                ] + (showsDeletion ? [Self.deletion(secret) ?? ""] : [])
                    + (showsTags ? [Self.tags(of: secret).joined(separator: " ")] : [])
            })
    }

    /// All that is known of a secret besides its values.
    init(secret: JSONValue) {
        self.init(properties: [
            "Secret": secret["SecretName"]?.text,
            "ARN": secret["Arn"]?.text,
            "Description": secret["Description"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            "Type": secret["SecretType"]?.text,
            "Key": secret["EncryptionKeyId"]?.text,
            "Created": Self.moment(secret["CreateTime"]),
            "Changed": Self.moment(secret["UpdateTime"]),
            "Deletion": Self.deletion(secret),
        ])
        append("Tags", Self.tags(of: secret))
    }

    /// A version that has come.
    init(newVersion version: JSONValue) {
        self.init(properties: [
            "Secret": version["SecretName"]?.text,
            "ARN": version["Arn"]?.text,
            "Version": version["VersionId"]?.text,
        ])
        append("Labels", Self.labels(of: version))
    }

    /// The versions of a secret.
    init(secretVersions versions: [JSONValue]) {
        self.init("VERSION", "CREATED", "LABELS")
        for version in versions {
            append([
                version["VersionId"]?.text ?? "", Self.moment(version["CreateTime"]) ?? "",
                Self.labels(of: version).joined(separator: " "),
            ])
        }
    }

    /// When a secret will be gone, if it waits for its deletion.
    private static func deletion(_ secret: JSONValue) -> String? {
        guard let time = secret["PlannedDeleteTime"], time.text?.isEmpty == false else { return nil }
        return moment(time)
    }

    private static func tags(of secret: JSONValue) -> [String] {
        (secret["Tags"]?["Tag"]?.elements ?? []).map { "\($0["TagKey"]?.text ?? "")=\($0["TagValue"]?.text ?? "")" }
    }

    private static func labels(of version: JSONValue) -> [String] {
        (version["VersionStages"]?["VersionStage"]?.elements ?? []).compactMap(\.text)
    }
}
