/// A customer master key in the KMS, by the region it lives in and its id.
public struct MasterKey: Hashable, Sendable {
    /// How many master keys one message can have.
    public static let maximumCount = 5

    static let maximumRegionSize = 32
    static let maximumKeyIDSize = 64

    /// The region, 1 to 32 characters of `A-Z a-z 0-9 - _ .`, such as `ap-guangzhou`.
    public let region: String

    /// The key's id, 1 to 64 characters of `A-Z a-z 0-9 - _ .`
    public let keyID: String

    /// - Throws: ``EnvelopeError/Code/invalidArgument`` if one of the two is empty, too long or has another character.
    public init(region: String, keyID: String) throws(EnvelopeError) {
        guard Self.isWellFormed(region, maximumSize: Self.maximumRegionSize) else {
            throw EnvelopeError(.invalidArgument, "a region has 1 to 32 letters, digits, '-', '_' or '.'")
        }
        guard Self.isWellFormed(keyID, maximumSize: Self.maximumKeyIDSize) else {
            throw EnvelopeError(.invalidArgument, "a key id has 1 to 64 letters, digits, '-', '_' or '.'")
        }
        self.region = region
        self.keyID = keyID
    }

    private static func isWellFormed(_ text: String, maximumSize: Int) -> Bool {
        1...maximumSize ~= text.utf8.count && text.utf8.allSatisfy(AddressTemplate.isNameCharacter)
    }
}
