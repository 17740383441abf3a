import ClavigerCore

extension Alibaba {
    /// The service itself.
    static let serviceOperations: [AlibabaOperation] = [
        .dataPlane(DescribeRegions.self, .getRegions).forEverybody,
        .dataPlane(OpenKmsService.self, .openKmsService),
        .dataPlane(DescribeAccountKmsStatus.self, .getServiceStatus),
    ]
}
