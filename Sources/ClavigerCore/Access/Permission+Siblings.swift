extension Permission {
    /// What does the same under another vendor's name, or a part of it. Who is denied one of these is denied this one too, so that nobody gets
    /// around a denial by speaking another dialect.
    var siblings: [Permission] { Self.siblingsByNumber[Int(rawValue)] }

    private static let siblingsByNumber: [[Permission]] = {
        var table = [[Permission]](repeating: [], count: allCases.count)
        table[Int(updateRotationPolicy.rawValue)] = [.enableKeyRotation, .disableKeyRotation]
        table[Int(enableKeyRotation.rawValue)] = [.updateRotationPolicy]
        table[Int(disableKeyRotation.rawValue)] = [.updateRotationPolicy]
        table[Int(createKeyVersion.rawValue)] = [.rotateKey]
        table[Int(rotateKey.rawValue)] = [.createKeyVersion]
        table[Int(tagResource.rawValue)] = [.batchTags]
        table[Int(untagResource.rawValue)] = [.batchTags]
        table[Int(batchTags.rawValue)] = [.tagResource, .untagResource]
        // Who has the recipient's private key reads what was exported.
        table[Int(exportDataKey.rawValue)] = [.decrypt, .decryptDataKey]
        table[Int(generateAndExportDataKey.rawValue)] = [.generateDataKey]
        return table
    }()
}
