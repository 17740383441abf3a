package import ClavigerAPI
package import ClavigerCore
package import ClavigerIdentity

/// What the dialect's endpoint is made of.
package struct AlibabaParts: Sendable {
    let kms: KeyService
    let secrets: SecretService
    let credentials: CredentialDirectory
    let limiter: RateLimiter
    let recorder: CallRecorder
    let configuration: AlibabaConfiguration

    package init(
        kms: KeyService, secrets: SecretService, credentials: CredentialDirectory, limiter: RateLimiter,
        recorder: CallRecorder, configuration: AlibabaConfiguration
    ) {
        self.kms = kms
        self.secrets = secrets
        self.credentials = credentials
        self.limiter = limiter
        self.recorder = recorder
        self.configuration = configuration
    }
}
