extension CommandFailure {
    /// A refusal by the server, with a hint where one helps.
    static func refused(code: String, message: String, requestID: String?, by profile: Profile) -> CommandFailure {
        CommandFailure(
            message, code: code, requestID: requestID,
            hint: hint(for: code, profile) ?? administrationHint(for: code, profile) ?? secretHint(for: code, profile))
    }

    private static func hint(for code: String, _ profile: Profile) -> String? {
        switch code {
        case "AuthFailure.SecretIdNotFound", "AuthFailure.InvalidSecretId", "InvalidAccessKeyId.NotFound",
            "unknownAccessKey":
            "access key \(profile.accessID), whose secret comes from \(profile.credentialSource), is none of \(profile.server)"
        case "AuthFailure.SignatureFailure", "SignatureDoesNotMatch", "signatureMismatch":
            "the secret from \(profile.credentialSource) does not fit access key \(profile.accessID)"
        case "AuthFailure.SignatureExpire", "requestExpired":
            "the clocks of this machine and of the server differ by more than 5 minutes"
        case "AuthFailure.UnauthorizedOperation", "UnauthorizedOperation", "Forbidden.NoPermission", "accessDenied":
            "`claviger whoami` tells whom access key \(profile.accessID) belongs to; its policies do not allow this"
        case "UnsupportedOperation.ServiceTemporaryUnavailable", "ServiceUnavailableTemporary", "sealed":
            "`claviger status` tells what is wrong; a sealed server is opened with `claviger unseal`"
        case "InvalidParameterValue.AliasAlreadyExists":
            "`claviger key list --search ALIAS` shows the key that has it; a key that waits for its deletion keeps its alias"
        case "ResourceUnavailable.CmkNotFound", "keyNotFound":
            "`claviger key list` shows the keys of a region; each region has its own"
        case "ResourceUnavailable.CmkDisabled", "Rejected.Disabled":
            "`claviger key enable KEY` makes it usable again"
        case "ResourceUnavailable.CmkStateNotSupport":
            "`claviger key describe KEY` shows the key's state"
        case "ResourceUnavailable.CmkShouldBeDisabled":
            "`claviger key disable KEY` comes first"
        case "ResourceUnavailable.CloudResourceBindingNotFound":
            "product and resource are given as they were when they were bound"
        case "FailedOperation.CmkUsedByCloudProduct":
            "`claviger key unbind KEY --product … --resource …` ends a binding; keys of cloud products stay as they are"
        case "UnsupportedOperation.NotUserCreatedCmk":
            "keys of cloud products can be used, described and rotated, and nothing else"
        case "UnsupportedOperation.NotExternalCmk":
            "only a key made with `claviger key create ALIAS --external` takes material from outside"
        case "ResourceUnavailable.TokenExpired":
            "`claviger key import-parameters KEY` gives a new public key and token, which replace all earlier ones"
        case "InvalidParameter.DecryptMaterialError":
            "the material is wrapped with the public key that came with the token, by the algorithm it was made for"
        case "InvalidParameterValue.MaterialNotMatch":
            "a key keeps to its first material; other material needs another key"
        case "UnsupportedOperation.ExternalCmkCanNotRotate", "UnsupportedOperation.RotateNotSupported":
            "only symmetric keys rotate whose material is made here"
        case "InvalidParameterValue.InvalidKeyUsage":
            "`claviger key describe KEY` shows what the key is for"
        case "InvalidParameterValue.InvalidCiphertext":
            "decryption needs the very context and region that the data was encrypted with"
        case "FailedOperation.DecryptError":
            "decryption needs the very key and algorithm that the data was encrypted with"
        case "UnsupportedRegion", "unknownRealm":
            "`claviger regions` names the regions of this server"
        case "RequestLimitExceeded", "Throttling", "Rejected.Throttling", "throttled":
            "there were too many requests within a second; try again"
        case "InvalidAction", "InvalidAction.NotFound", "unknownAction":
            "the server is older than this command"
        default:
            nil
        }
    }
}
