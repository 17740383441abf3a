import ClavigerCrypto

/// Accounts, users, groups, access keys, policies and projects, as the server's administration tells of them.
extension Table {
    init(accounts: [JSONValue]) {
        self.init("ACCOUNT", "NAME", "STATE", "CREATED")
        for account in accounts {
            append([
                Self.cell(account["id"]), account["name"]?.text ?? "", Self.state(account) ?? "",
                Self.moment(account["createdAt"]) ?? "",
            ])
        }
    }

    init(account: JSONValue) {
        self.init(properties: [
            "Account": Self.cell(account["id"]),
            "Name": account["name"]?.text,
            "State": Self.state(account),
            "App id": account["appId"].map(Self.cell),
            "Domain id": account["domainId"]?.text,
            "Created": Self.moment(account["createdAt"]),
        ])
        append(
            "Projects", (account["projects"]?.elements ?? []).map { "\(Self.cell($0["id"])) \(Self.cell($0["name"]))" })
    }

    init(projects: [JSONValue]) {
        self.init("PROJECT ID", "NAME", "REGION")
        for project in projects {
            append([Self.cell(project["id"]), Self.cell(project["name"]), Self.cell(project["region"])])
        }
    }

    init(users: [JSONValue]) {
        self.init("USER", "NUMBER", "KIND", "STATE", "PASSWORD", "CREATED", "DESCRIPTION")
        for user in users {
            append([
                Self.cell(user["name"]), Self.cell(user["number"]), Self.kind(user), Self.state(user) ?? "",
                user["hasPassword"]?.isTrue == true ? "yes" : "no", Self.moment(user["createdAt"]) ?? "",
                Self.cell(user["description"]),
            ])
        }
    }

    init(user: JSONValue) {
        self.init(properties: [
            "User": user["name"]?.text,
            "Number": user["number"].map(Self.cell),
            "Id": user["id"]?.text,
            "Kind": Self.kind(user),
            "Description": Self.description(user),
            "State": Self.state(user),
            "Password": user["hasPassword"].map { $0.isTrue ? "yes" : "no" },
            "Created": Self.moment(user["createdAt"]),
        ])
        append("Groups", Self.names(user["groups"]))
        append("Policies", Self.names(user["policies"]))
        append("Access keys", Self.names(user["accessKeys"]))
    }

    init(groups: [JSONValue]) {
        self.init("GROUP", "CREATED", "DESCRIPTION")
        for group in groups {
            append([Self.cell(group["name"]), Self.moment(group["createdAt"]) ?? "", Self.cell(group["description"])])
        }
    }

    init(group: JSONValue) {
        self.init(properties: [
            "Group": group["name"]?.text,
            "Description": Self.description(group),
            "Created": Self.moment(group["createdAt"]),
        ])
        append("Members", Self.names(group["members"]))
        append("Policies", Self.names(group["policies"]))
    }

    init(accessKeys: [JSONValue]) {
        self.init("ACCESS ID", "STATE", "CREATED", "LAST USED")
        for key in accessKeys {
            append([
                Self.cell(key["id"]), Self.state(key) ?? "", Self.moment(key["createdAt"]) ?? "",
                Self.moment(key["lastUsedAt"]) ?? "never",
            ])
        }
    }

    /// New credentials, as far as the answer still holds them.
    init(credentials: JSONValue) {
        self.init(properties: [
            "Access id": credentials["id"]?.text,
            "Secret": credentials["secret"]?.text,
            "Token": credentials["token"]?.text,
            "Valid to": Self.moment(credentials["expiresAt"]),
        ])
    }

    init(policies: [JSONValue]) {
        self.init("POLICY", "LANGUAGE", "CHANGED", "DESCRIPTION")
        for policy in policies {
            append([
                Self.cell(policy["name"]), Self.cell(policy["language"]), Self.moment(policy["updatedAt"]) ?? "",
                Self.cell(policy["description"]),
            ])
        }
    }

    /// A policy without its document.
    init(policy: JSONValue) {
        self.init(properties: [
            "Policy": policy["name"]?.text,
            "Description": Self.description(policy),
            "Language": policy["language"]?.text,
            "Created": Self.moment(policy["createdAt"]),
            "Changed": Self.moment(policy["updatedAt"]),
        ])
        append("Users", Self.names(policy["users"]))
        append("Groups", Self.names(policy["groups"]))
    }

    /// Who is calling.
    init(caller: JSONValue) {
        self.init(properties: [
            "Account": caller["account"].map { "\(Self.cell($0["id"])) \(Self.cell($0["name"]))" },
            "User": caller["user"]?["name"]?.text,
            "Number": caller["user"]?["number"].map(Self.cell),
            "Kind": caller["user"].map(Self.kind),
            "Access key": caller["accessKeyId"]?.text,
            "Valid to": Self.moment(caller["expiresAt"]),
        ])
    }

    /// A property with several values, a line for each; none if there are none.
    mutating func append(_ label: String, _ values: [String]) {
        for (index, value) in values.enumerated() { append([index == 0 ? label : "", value]) }
    }

    /// What names each element of a list: the text that it is, its name or its id.
    private static func names(_ list: JSONValue?) -> [String] {
        (list?.elements ?? []).map { cell($0["name"] ?? $0["id"] ?? $0) }
    }

    /// A text, or a number's digits.
    private static func cell(_ value: JSONValue?) -> String {
        value?.text ?? value?.integer.map { String($0) } ?? ""
    }

    private static func description(_ item: JSONValue) -> String? {
        item["description"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func state(_ item: JSONValue) -> String? {
        item["enabled"].map { $0.isTrue ? "enabled" : "disabled" }
    }

    private static func kind(_ user: JSONValue) -> String { user["isRoot"]?.isTrue == true ? "root" : "user" }

    static func moment(_ value: JSONValue?) -> String? {
        value?.text.map { LocalTime.text(universal: $0) }
    }
}
