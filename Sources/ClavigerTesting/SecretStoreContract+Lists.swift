import ClavigerCore
import Testing

extension SecretStoreContract {
    static let lists: [Check] = [
        Check("A list gives secrets with their tags and without their versions, also those that wait for deletion") {
            store async throws in
            let scope = SampleKey.scope()
            let secrets = ["1", "2"].map {
                SampleSecret.make(
                    $0, in: scope, hasChosenKey: true, description: "of \($0)",
                    deletionDate: $0 == "2" ? SampleKey.moment : nil,
                    tags: [KeyTag(key: "z", value: $0), KeyTag(key: "a", value: "")])
            }
            try await store.insert(secrets + [SampleSecret.make("elsewhere", in: SampleKey.scope())])
            let page = try await store.listSecrets(SecretQuery(scope: scope), offset: 0, limit: 9)
            #expect(page.total == 2)
            #expect(page.secrets.map { $0.with(sequence: 0) } == secrets.map { $0.with(versions: []) })
            let none = try await store.listSecrets(SecretQuery(scope: SampleKey.scope()), offset: 0, limit: 9)
            #expect(none.secrets.isEmpty && none.total == 0)
        },
        Check("Pages follow one another, the oldest first; of one second, by sequence") { store async throws in
            let scope = SampleKey.scope()
            // Of one second, of several, and with a clock that went back.
            let seconds = (0..<25).map { $0 < 8 ? 100 : 100 + Int64($0 * 7 % 5) }
            try await store.insert(
                seconds.enumerated().map {
                    SampleSecret.make("s\($0)", in: scope, createdAt: Timestamp(seconds: $1), description: "text")
                })
            let expected = seconds.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
                .map { "s\($0.offset)" }
            for query in [
                SecretQuery(scope: scope), filtered(.name, "s", in: scope), filtered(.description, "ext", in: scope),
            ] {
                for limit in [1, 3, 10, 100] {
                    var read: [String] = []
                    for offset in stride(from: 0, to: 40, by: limit) {
                        let page = try await store.listSecrets(query, offset: offset, limit: limit)
                        #expect(page.total == 25)
                        read += page.secrets.map(\.name.text)
                    }
                    #expect(read == expected)
                }
                let middle = try await store.listSecrets(query, offset: 7, limit: 3)
                #expect(middle.secrets.map(\.name.text) == Array(expected[7..<10]))
                for (offset, limit) in [(25, 1), (1_000_000, 1), (0, 0)] {
                    let page = try await store.listSecrets(query, offset: offset, limit: limit)
                    #expect(page.secrets.isEmpty && page.total == 25)
                }
            }
        },
        Check("A page shows what has changed since the one before") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert(
                (0..<8).map {
                    SampleSecret.make(
                        "s\($0)", in: scope, description: "old text", tags: [KeyTag(key: "tag", value: "old value")])
                })
            let all = SecretQuery(scope: scope)
            let described = filtered(.description, "old", in: scope)
            let tagged = filtered(.tagValue, "old", in: scope)
            func names(_ query: SecretQuery, _ offset: Int) async throws -> [String] {
                try await store.listSecrets(query, offset: offset, limit: 2).secrets.map(\.name.text)
            }
            for query in [all, described, tagged] { #expect(try await names(query, 0) == ["s0", "s1"]) }
            _ = try await store.deleteSecret(SecretName(checked: "s1"), in: scope) { _ in true }
            for query in [all, described, tagged] { #expect(try await names(query, 2) == ["s3", "s4"]) }
            try await store.change("s3", in: scope) { secret throws(KMSError) in
                try secret.describe(as: "new text", at: SampleKey.moment)
                return []
            }
            #expect(try await names(described, 2) == ["s4", "s5"])
            #expect(try await names(tagged, 2) == ["s3", "s4"])
            try await store.change("s4", in: scope) { secret throws(KMSError) in
                try secret.addTags([KeyTag(key: "tag", value: "new value")], limit: 9, at: SampleKey.moment)
                return []
            }
            #expect(try await names(described, 2) == ["s4", "s5"])
            #expect(try await names(tagged, 2) == ["s3", "s5"])
            let page = try await store.listSecrets(all, offset: 2, limit: 2)
            #expect(page.secrets.map(\.description) == ["new text", "old text"])
            #expect(page.secrets[1].tags == [KeyTag(key: "tag", value: "new value")])
            try await store.insert([SampleSecret.make("s8", in: scope, description: "old")])
            #expect(try await names(described, 6) == ["s8"])
            #expect(try await names(all, 6) == ["s7", "s8"])
        },
    ]

    static let filters: [Check] = [
        Check("A filter selects what holds one of its values in its field, byte for byte") { store async throws in
            let scope = SampleKey.scope()
            let long = String(repeating: "long ", count: 100)
            let texts = [
                "Orders", "orders", "100%_sure", "say \"hi\"", "it's", "a*b AND (c)", "日本語の鍵", "cl\u{e9}", "cle\u{301}",
                "🔑🗝️keys", "", "back\\slash", "x y", long + "a", long + "b", "description:text",
            ]
            let patterns = [
                ["rder"], ["Ord"], ["ORD"], ["%"], ["_"], ["00%"], ["\""], ["\"hi\""], ["'"], ["t's"], ["a*b"], ["AND"],
                ["AND (c)"], ["日"], ["本語の"], ["\u{e9}"], ["e\u{301}"], ["cle\u{301}"], ["🔑🗝\u{fe0f}"], [""], ["\\"],
                ["x"], ["x y"], ["orders", "it's"], ["orders", "'"], ["absent", "nothing"], ["absent", "OR"], [],
                [long + "a"], [long + "b", "rde"], [long + "c"], [long], ["orders\u{0}"], ["\u{0}"],
                ["orders\u{0}", "Orders"], ["description:"], ["tag_keys : a"], ["near^"], ["-"], [" "],
            ]
            // In one field each; the name of all is in no pattern's way.
            for field in SecretQuery.Field.allCases {
                let scope = KeyScope(account: scope.account, realm: RealmID(field.rawValue))
                try await store.insert(texts.enumerated().map { secret(with: $1, in: field, number: $0, of: scope) })
                // One without tags or description.
                try await store.insert([SampleSecret.make("0", in: scope)])
                for values in patterns {
                    let page = try await store.listSecrets(
                        SecretQuery(scope: scope, filter: SecretQuery.Filter(field: field, values: values)), offset: 0,
                        limit: 100)
                    let found = page.secrets.filter { $0.name.text != "0" }.map { text(of: $0, in: field) }
                    let expected = texts.filter { text in values.contains { text.holds($0) } }
                    #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "\(field) \(values)")
                    #expect(page.total == page.secrets.count, "\(field) \(values)")
                    let isEmptyFound = page.secrets.contains { $0.name.text == "0" }
                    let hasEmptyText = field == .description || field == .name
                    #expect(isEmptyFound == (hasEmptyText && values.contains("")), "\(field) \(values)")
                }
            }
        },
        Check("A filter looks at one field alone, and at each tag by itself") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([
                SampleSecret.make("apple", in: scope, description: "banana"),
                SampleSecret.make(
                    "cherry", in: scope, description: "apple pie",
                    tags: [KeyTag(key: "banana", value: "apple"), KeyTag(key: "split", value: "cake")]),
                SampleSecret.make("tart", in: scope, tags: [KeyTag(key: "apple", value: "banana")]),
                SampleSecret.make("a ban", in: scope),
            ])
            try await store.insert([SampleSecret.make("apple", in: SampleKey.scope())])
            let cases: [(SecretQuery.Field, [String], [String])] = [
                (.name, ["apple"], ["apple"]), (.name, ["banana"], []), (.description, ["apple"], ["cherry"]),
                (.description, ["banana", "pie"], ["apple", "cherry"]), (.tagKey, ["apple"], ["tart"]),
                (.tagKey, ["banana", "apple"], ["cherry", "tart"]), (.tagValue, ["apple"], ["cherry"]),
                (.tagValue, ["an"], ["tart"]), (.tagKey, ["banana split"], []), (.tagKey, ["a s"], []),
                (.tagValue, ["apple cake"], []), (.tagValue, ["cake"], ["cherry"]), (.name, ["a ban"], ["a ban"]),
                (.tagKey, [""], ["cherry", "tart"]), (.name, [""], ["apple", "cherry", "tart", "a ban"]),
            ]
            let many = (0..<2000).map { "absent \($0)" }
            let further: [(SecretQuery.Field, [String], [String])] = [
                (.name, many + ["tar"], ["tart"]), (.tagValue, many + ["ak"], ["cherry"]), (.description, many, []),
            ]
            for (field, values, expected) in cases + further {
                let query = SecretQuery(scope: scope, filter: SecretQuery.Filter(field: field, values: values))
                let page = try await store.listSecrets(query, offset: 0, limit: 9)
                #expect(page.secrets.map(\.name.text) == expected, "\(field) \(values)")
                #expect(page.total == expected.count, "\(field) \(values)")
            }
        },
    ]

    private static func filtered(_ field: SecretQuery.Field, _ value: String, in scope: KeyScope) -> SecretQuery {
        SecretQuery(scope: scope, filter: SecretQuery.Filter(field: field, values: [value]))
    }

    /// A secret that has a text in one field; its other texts are numbers.
    private static func secret(
        with text: String, in field: SecretQuery.Field, number: Int, of scope: KeyScope
    ) -> Secret {
        switch field {
        case .name: SampleSecret.make(text, in: scope)
        case .description: SampleSecret.make("\(number + 1)", in: scope, description: text)
        case .tagKey:
            SampleSecret.make(
                "\(number + 1)", in: scope, tags: [KeyTag(key: "0", value: "0"), KeyTag(key: text, value: "")])
        case .tagValue:
            SampleSecret.make(
                "\(number + 1)", in: scope, tags: [KeyTag(key: "", value: text), KeyTag(key: "0", value: "0")])
        }
    }

    private static func text(of secret: Secret, in field: SecretQuery.Field) -> String {
        switch field {
        case .name: secret.name.text
        case .description: secret.description
        case .tagKey: secret.tags.last?.key ?? ""
        case .tagValue: secret.tags.first?.value ?? ""
        }
    }
}
