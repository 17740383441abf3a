package import ClavigerAPI
package import ClavigerCore
package import ClavigerIdentity

/// What the dialect's endpoints are made of.
package struct HuaweiParts: Sendable {
    let kms: KeyService
    let credentials: CredentialDirectory
    let identities: IdentityService
    let accounts: AccountTable
    let projects: ProjectTable
    let defaultKeys: DefaultKeys
    let limiter: RateLimiter
    let recorder: CallRecorder
    let configuration: HuaweiConfiguration
    let addresses: HuaweiAddresses

    /// - Parameter url: how clients reach the server.
    package init(
        kms: KeyService, credentials: CredentialDirectory, identities: IdentityService, accounts: AccountTable,
        projects: ProjectTable, defaultKeys: DefaultKeys, limiter: RateLimiter, recorder: CallRecorder,
        configuration: HuaweiConfiguration, url: String
    ) {
        self.kms = kms
        self.credentials = credentials
        self.identities = identities
        self.accounts = accounts
        self.projects = projects
        self.defaultKeys = defaultKeys
        self.limiter = limiter
        self.recorder = recorder
        self.configuration = configuration
        addresses = HuaweiAddresses(url: url)
    }
}
