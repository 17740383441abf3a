import ClavigerCrypto

extension Table {
    /// A list of keys.
    init(keys: [JSONValue]) {
        self.init("KEY ID", "ALIAS", "STATE", "USAGE", "CREATED", "DESCRIPTION")
        for key in keys {
            append([
                key["KeyId"]?.text ?? "", key["Alias"]?.text ?? "", key["KeyState"]?.text ?? "",
                key["KeyUsage"]?.text ?? "",
                Self.time(key["CreateTime"]) ?? "", key["Description"]?.text ?? "",
            ])
        }
    }

    /// All that a key's metadata tell, as far as it means something for this key.
    init(key: JSONValue) {
        let rotates = key["KeyRotationEnabled"]?.isTrue ?? false
        self.init(properties: [
            "Key id": key["KeyId"]?.text,
            "Alias": key["Alias"]?.text,
            "Description": key["Description"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            "State": key["KeyState"]?.text,
            "Usage": key["KeyUsage"]?.text,
            "Origin": key["Origin"]?.text,
            "Owner": key["Owner"]?.text,
            "Created": Self.time(key["CreateTime"]),
            "Deletion": Self.time(key["DeletionDate"]),
            "Valid to": Self.time(key["ValidTo"]),
            "Rotation": key["KeyRotationEnabled"].map { _ in
                rotates ? "every \(key["RotateDays"]?.integer ?? 365) days" : "off"
            },
            "Next rotation": rotates ? Self.time(key["NextRotateTime"]) : nil,
            "Last rotation": Self.time(key["LastRotateTime"]),
            "Resource id": key["ResourceId"]?.text,
        ])
    }

    /// A moment; `nil` for zero, which stands for none.
    private static func time(_ value: JSONValue?) -> String? {
        guard let seconds = value?.integer, seconds != 0 else { return nil }
        return LocalTime.text(seconds: seconds)
    }
}
