/// What went wrong, in no vendor's words.
///
/// `code` is compared, `message` is safe to show the caller, `cause` is logged and never leaves the process.
package struct KMSError: Error, Sendable {
    package let code: Code
    package let message: String

    /// How a dialect spells a fault that only its own rules know; `nil` if its table of codes tells. The core never sets it.
    package let spelling: String?

    /// The state that a key is in, if that is the reason.
    package let keyState: KeyState?
    package let cause: (any Error)?

    package init(
        _ code: Code, _ message: String, spelling: String? = nil, keyState: KeyState? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.spelling = spelling
        self.keyState = keyState
        self.cause = cause
    }
}

extension KMSError {
    /// Every dialect spells each of these by one table without a `default`.
    package enum Code: String, CaseIterable, Sendable {
        // Who calls
        case unknownAccessKey
        case accessKeyDisabled
        case missingCredentials
        case malformedSignature
        case signatureMismatch
        case requestExpired
        case requestReplayed
        case invalidToken
        case tokenExpired
        case wrongPassword
        case accessDenied
        case throttled

        // What is asked
        case unsupportedMethod
        case payloadTooLarge
        case unknownAction
        case unsupportedVersion
        case unknownRealm
        case missingParameter
        case unknownParameter
        case invalidParameter
        case invalidParameterValue
        case malformedKeyID
        case duplicateKeyID
        case invalidAlias
        case aliasExists
        case tooManyAliases
        case invalidKeyUsage
        case invalidOrigin
        case duplicateTag
        case tooManyTags
        case invalidPendingWindow
        case invalidPlaintext
        case invalidCiphertext
        case invalidWrappedMaterial
        case wrongMaterialSize
        case materialMismatch

        // What state things are in
        case keyNotFound
        case aliasNotFound
        case keyVersionNotFound
        case keyDisabled
        case wrongKeyState
        case keyNotDisabled
        case keyNotPendingDeletion
        case keyInUse
        case tooManyKeys
        case unsupportedKeyUsage
        case unsupportedOperation
        case externalKeyCannotRotate
        case rotationUnsupported
        case rotationNotEnabled
        case tooManyRotations
        case notExternalKey
        case notUserKey
        case importTokenExpired
        case bindingNotFound
        case grantNotFound
        case tooManyGrants
        case decryptionFailed

        // Secrets
        case secretNotFound
        case secretVersionNotFound
        case secretExists
        case secretVersionExists
        case secretPendingDeletion
        case secretNotPendingDeletion
        case tooManySecrets
        case tooManyStages

        // Accounts, identities and policies
        case accountNotFound
        case projectNotFound
        case identityNotFound
        case groupNotFound
        case accessKeyNotFound
        case policyNotFound
        case nameExists
        case invalidName
        case invalidPolicy
        case policyInUse
        case tooManyAccessKeys
        case lastRootKey
        case rootIdentity
        case tooMany

        // What is wrong with the service
        case sealed
        case backendFailed
        case storeUnavailable
        case auditUnavailable
        case internalFailure
    }
}

extension KMSError {
    /// Everything that can be wrong with a ciphertext, in the same words, so that the answer helps nobody to forge one.
    package static let invalidCiphertext = KMSError(
        .invalidCiphertext, "the ciphertext was not made here, was changed, or its encryption context differs")

    package static func aliasNotFound(_ alias: KeyAlias) -> KMSError {
        KMSError(.aliasNotFound, "no alias \(alias) in this account and region")
    }

    package static func keyNotFound(_ id: KeyID) -> KMSError {
        KMSError(.keyNotFound, "no key \(id) in this account and region")
    }
}
