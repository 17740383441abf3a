extension CommandFailure {
    /// What to do about a refusal by the service that keeps secrets.
    static func secretHint(for code: String, _ profile: Profile) -> String? {
        switch code {
        case "Forbidden.AccessKey":
            "access key \(profile.accessID), whose secret comes from \(profile.credentialSource), its user or its account "
                + "is disabled"
        case "InvalidTimeStamp.Expired":
            "the clocks of this machine and of the server differ by more than 15 minutes"
        case "Forbidden.ResourceNotFound":
            "`claviger secret list` shows the secrets, `claviger secret versions SECRET --all` the versions of one"
        case "Rejected.ResourceExist":
            "`claviger secret put SECRET` gives a secret another value, for which it takes another version id"
        case "Rejected.ResourceInDeleteWindow":
            "`claviger secret restore SECRET` keeps it; `claviger secret delete SECRET --now --yes` makes its name free"
        case "Forbidden.KeyNotFound", "Forbidden.AliasNotFound":
            "a secret's key is one of the region that the server's setting alibaba.region names"
        case "Rejected.UnsupportedOperation":
            "the key of a secret is a symmetric one"
        case "Rejected.PendingDeletion":
            "`claviger key cancel-deletion KEY` and `claviger key enable KEY` make the secret's key usable again"
        case "Rejected.PendingImport":
            "`claviger key import KEY` brings the material of the secret's key"
        default:
            nil
        }
    }
}
