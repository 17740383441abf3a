import ClavigerTesting
import Testing

@testable import ClavigerCore

@Suite struct PermissionSiblingsTests {
    private let fixture = KeyServiceFixture()

    private static let table: [(permission: Permission, siblings: Set<Permission>)] = [
        (.updateRotationPolicy, [.enableKeyRotation, .disableKeyRotation]),
        (.enableKeyRotation, [.updateRotationPolicy]),
        (.disableKeyRotation, [.updateRotationPolicy]),
        (.createKeyVersion, [.rotateKey]),
        (.rotateKey, [.createKeyVersion]),
        (.tagResource, [.batchTags]), (.untagResource, [.batchTags]), (.batchTags, [.tagResource, .untagResource]),
        (.exportDataKey, [.decrypt, .decryptDataKey]), (.generateAndExportDataKey, [.generateDataKey]),
    ]

    @Test(arguments: Permission.allCases)
    func `Every permission knows its siblings`(permission: Permission) {
        let expected = Self.table.first { $0.permission == permission }?.siblings ?? []
        #expect(Set(permission.siblings) == expected)
    }

    @Test(arguments: table)
    func `A denial of a sibling stops the call, and no other denial does`(
        permission: Permission, siblings: Set<Permission>
    ) async {
        for denied in Permission.allCases where denied != permission {
            let user = KeyServiceFixture.user("u", .rule(.allow, permission), .rule(.deny, denied)).needing(permission)
            if siblings.contains(denied) {
                await expect(.accessDenied) { try user.require(on: .all(.key)) }
                #expect(user.access.decision?.word == "denied")
            } else {
                #expect(throws: Never.self) { try user.require(on: .all(.key)) }
            }
        }
    }

    @Test(arguments: table)
    func `The right to a sibling is no right`(permission: Permission, siblings: Set<Permission>) async {
        for sibling in siblings {
            let user = KeyServiceFixture.user("u", .rule(.allow, sibling)).needing(permission)
            await expect(.accessDenied) { try user.require(on: .all(.key)) }
        }
    }

    @Test func `A denial for one key stops the call for this key alone`() async throws {
        let (first, second) = (try await fixture.create("a"), try await fixture.create("b"))
        let one = ResourcePattern(kinds: .all, realms: nil, extent: .key(first, madeBy: nil))
        let user = KeyServiceFixture.user(
            "u", .rule(.allow, .updateRotationPolicy), .rule(.deny, .enableKeyRotation, of: [one])
        ).needing(.updateRotationPolicy)
        await expect(.accessDenied) {
            try await fixture.kms.enableRotationFromNewestVersion(of: first, every: .days(7), gate: .none, as: user)
        }
        try await fixture.kms.enableRotationFromNewestVersion(of: second, every: .days(7), gate: .none, as: user)
    }
}
