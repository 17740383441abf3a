import ClavigerCore
import Testing

/// The four example policies of the seed, after the slips in their spelling are corrected.
@Suite struct SeedPolicyTests {
    private static let administration: [Permission] = [.createKey, .listKeys, .describeKey, .updateAlias]

    /// What the policy says of all permissions, on a key and on all keys.
    private func allowed(_ text: String) throws -> Set<Permission> {
        let policy = try PolicyFixture.policy(text)
        var allowed: Set<Permission> = []
        for permission in Permission.allCases {
            let decision = try PolicyFixture.decide([policy], permission, PolicyFixture.alicesKey)
            #expect(try decision == PolicyFixture.decide([policy], permission, .all(.key)))
            #expect(try decision == PolicyFixture.decide([policy], permission, .unknownKey(PolicyFixture.missingKeyID)))
            if decision.allows { allowed.insert(permission) }
        }
        return allowed
    }

    private static let kms = Set(Permission.allCases.filter { $0.service == .kms })

    @Test func `Everything allows all of the service and none of the administration of users`() throws {
        let text = """
            {
              "version": "2.0",
              "statement": [ { "action": [ "name/kms:*" ], "resource": "*", "effect": "allow" } ]
            }
            """
        #expect(try allowed(text) == Self.kms)
    }

    @Test func `Read only allows to list and describe keys`() throws {
        let text = """
            {
              "version": "2.0",
              "statement": [
                { "action": [ "name/kms:ListKey", "name/kms:GetKeyAttributes" ], "resource": "*", "effect": "allow" }
              ]
            }
            """
        #expect(try allowed(text) == [.listKeys, .describeKey])
    }

    @Test func `Administration allows to make, list, describe and rename keys`() throws {
        let text = """
            {
              "version": "2.0",
              "statement": [
                {
                  "action": [
                    "name/kms:CreateKey", "name/kms:ListKey", "name/kms:GetKeyAttributes", "name/kms:SetKeyAttributes"
                  ],
                  "resource": "*",
                  "effect": "allow"
                }
              ]
            }
            """
        #expect(try allowed(text) == Set(Self.administration))
    }

    @Test func `Data but not administration allows all but that, and names the statement that denies it`() throws {
        let text = """
            {
            "version": "2.0",
            "statement": [
            { "action": [ "name/kms:*" ], "resource": "*", "effect": "allow" },
            {
            "action": [
            "name/kms:CreateKey",
            "name/kms:ListKey",
            "name/kms:GetKeyAttributes",
            "name/kms:SetKeyAttributes"
            ],
            "resource": "*",
            "effect": "deny"
            }
            ]
            }
            """
        #expect(try allowed(text) == Self.kms.subtracting(Self.administration))
        let policy = try PolicyFixture.policy(text, named: "data")
        for permission in Self.administration {
            let decision = try PolicyFixture.decide([policy], permission, PolicyFixture.bobsKey)
            #expect(decision == .denied(by: StatementLabel(policy: "data", number: 2)))
        }
    }
}
