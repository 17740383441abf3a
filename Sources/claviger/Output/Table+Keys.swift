import ClavigerCrypto

extension Table {
    /// A list of keys. Rotation and the end of imported material have columns if any of the keys has them.
    init(keys: [JSONValue]) {
        let columns: [(name: String, cell: (JSONValue) -> String?)] = [
            ("KEY ID", { $0["KeyId"]?.text }),
            ("ALIAS", { $0["Alias"]?.text }),
            ("STATE", { $0["KeyState"]?.text }),
            ("USAGE", { $0["KeyUsage"]?.text }),
            ("CREATED", { Self.time($0["CreateTime"]) }),
            ("ROTATION", Self.rotation),
            ("NEXT ROTATION", Self.nextRotation),
            ("VALID TO", { Self.time($0["ValidTo"]) }),
            ("DESCRIPTION", { $0["Description"]?.text }),
        ]
        let optional: Set = ["ROTATION", "NEXT ROTATION", "VALID TO"]
        let shown = columns.filter { column in
            !optional.contains(column.name) || keys.contains { column.cell($0) != nil }
        }
        self.init(columns: shown.map(\.name), rows: keys.map { key in shown.map { $0.cell(key) ?? "" } })
    }

    /// A list of keys of cloud products.
    init(productKeys keys: [JSONValue]) {
        self.init("KEY ID", "ALIAS", "PRODUCT", "STATE", "CREATED", "DESCRIPTION")
        for key in keys {
            append([
                key["KeyId"]?.text ?? "", key["Alias"]?.text ?? "", key["Owner"]?.text ?? "",
                key["KeyState"]?.text ?? "", Self.time(key["CreateTime"]) ?? "", key["Description"]?.text ?? "",
            ])
        }
    }

    /// How a key rotates by itself.
    init(rotationOf key: JSONValue) {
        self.init(properties: [
            "Key id": key["KeyId"]?.text,
            "Rotation": Self.rotation(key).map { "every \($0)" } ?? "off",
            "Next rotation": Self.nextRotation(key),
            "Last rotation": Self.time(key["LastRotateTime"]),
        ])
    }

    /// All that a key's metadata tell, as far as it means something for this key.
    init(key: JSONValue) {
        let isSymmetric = key["KeyUsage"]?.text == KeyUsageName.encryptDecrypt.rawValue
        let canRotate = isSymmetric && key["Origin"]?.text == "TENCENT_KMS"
        self.init(properties: [
            "Key id": key["KeyId"]?.text,
            "Alias": key["Alias"]?.text,
            "Description": key["Description"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            "State": key["KeyState"]?.text,
            "Usage": key["KeyUsage"]?.text,
            "Edition": isSymmetric ? Self.edition(key["Type"]) : nil,
            "Origin": key["Origin"]?.text,
            "Owner": key["Owner"]?.text,
            "Created": Self.time(key["CreateTime"]),
            "Deletion": Self.time(key["DeletionDate"]),
            "Valid to": Self.time(key["ValidTo"]),
            "Rotation": canRotate ? Self.rotation(key).map { "every \($0)" } ?? "off" : nil,
            "Next rotation": Self.nextRotation(key),
            "Last rotation": Self.time(key["LastRotateTime"]),
            "Resource id": key["ResourceId"]?.text,
        ])
    }

    /// The region's edition, which says what symmetric keys are made of, by the number of KeyMetadata's Type.
    private static func edition(_ type: JSONValue?) -> String? {
        switch type?.integer {
        case 2: "standard (AES-256)"
        case 4: "SM (SM4)"
        default: nil
        }
    }

    /// The period of a key that rotates by itself.
    private static func rotation(_ key: JSONValue) -> String? {
        guard key["KeyRotationEnabled"]?.isTrue == true else { return nil }
        return "\(key["RotateDays"]?.integer ?? 365) days"
    }

    private static func nextRotation(_ key: JSONValue) -> String? {
        key["KeyRotationEnabled"]?.isTrue == true ? time(key["NextRotateTime"]) : nil
    }

    /// A moment; `nil` for zero, which stands for none.
    private static func time(_ value: JSONValue?) -> String? {
        guard let seconds = value?.integer, seconds != 0 else { return nil }
        return LocalTime.text(seconds: seconds)
    }
}
