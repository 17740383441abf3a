/// What an operator tells the dialect.
package struct TencentConfiguration: Sendable {
    /// A licence of the trusted service manager, as DescribeTSMLicenses shows it.
    package struct TSMLicense: Hashable, Sendable {
        package let version: String?
        package let appID: String?
        package let certificate: String?

        package init(version: String?, appID: String?, certificate: String?) {
            self.version = version
            self.appID = appID
            self.certificate = certificate
        }
    }

    package var licenses: [TSMLicense]

    package init(licenses: [TSMLicense] = []) { self.licenses = licenses }
}
