#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the KMS of each region is.
///
/// Written as `[http://|https://]host[:port][/]`; without a scheme it is https. `{region}` in the host is replaced by the region.
/// Several addresses are separated by commas, each as `region=address`; one without `region=` is that of all other regions. An IPv6
/// address stands in brackets.
public struct KMSAddress: Hashable, Sendable {
    private static let environmentName = "TENCENT_SDK_DOMAIN"
    private static let maximumSize = 8192

    private let ofRegions: [String: AddressTemplate]
    private let ofOthers: AddressTemplate?

    /// - Throws: ``EnvelopeError/Code/invalidArgument`` if the text is no address, or has two for one region.
    public init(_ text: String) throws(EnvelopeError) {
        guard 1...Self.maximumSize ~= text.utf8.count else {
            throw Self.malformed("an address has 1 to \(Self.maximumSize) bytes")
        }
        var ofRegions: [String: AddressTemplate] = [:]
        var ofOthers: AddressTemplate?
        for item in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let equals = item.firstIndex(of: UInt8(ascii: "=")) else {
                guard ofOthers == nil else { throw Self.malformed("only one address can be without a region") }
                ofOthers = try Self.template(item)
                continue
            }
            let region = String(decoding: item[..<equals], as: UTF8.self)
            guard Self.isRegion(region) else { throw Self.malformed("an address is for a region that cannot be one") }
            guard ofRegions.updateValue(try Self.template(item[item.index(after: equals)...]), forKey: region) == nil
            else { throw Self.malformed("a region has two addresses") }
        }
        self.ofRegions = ofRegions
        self.ofOthers = ofOthers
    }

    /// The value of the environment variable `TENCENT_SDK_DOMAIN`; `nil` if it is not set, or empty.
    public static func environment() -> String? {
        guard let value = getenv(environmentName).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    /// Where calls for a region go; `nil` if nowhere.
    ///
    /// The region may come from a message that somebody made up. One that could not be written into a header, or that would turn a
    /// host with `{region}` into one outside the domain that was configured, has no address.
    package func endpoint(for region: String) -> KMSEndpoint? {
        guard Self.isRegion(region) else { return nil }
        return (ofRegions[region] ?? ofOthers)?.endpoint(for: region)
    }

    /// Whether the text can be a region's name: 1 to 63 characters of `A-Z a-z 0-9 - _ .`
    static func isRegion(_ text: String) -> Bool {
        1...EncryptedDataKey.maximumRegionSize ~= text.utf8.count
            && text.utf8.allSatisfy(AddressTemplate.isNameCharacter)
    }

    private static func template(_ text: Substring.UTF8View.SubSequence) throws(EnvelopeError) -> AddressTemplate {
        guard let template = AddressTemplate(Array(text)) else {
            throw malformed("an address is [http://|https://]host[:port][/], with nothing else in it")
        }
        return template
    }

    private static func malformed(_ what: String) -> EnvelopeError { EnvelopeError(.invalidArgument, what) }
}
