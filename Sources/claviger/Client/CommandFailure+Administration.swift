extension CommandFailure {
    /// What to do about a refusal by the server's administration.
    static func administrationHint(for code: String, _ profile: Profile) -> String? {
        switch code {
        case "AuthFailure.TokenFailure", "InvalidSecurityToken.Malformed", "invalidToken":
            "temporary credentials are an id, a secret and a token that were made together; those come from "
                + profile.credentialSource
        case "InvalidSecurityToken.Expired", "tokenExpired":
            "`claviger access-key temporary` makes new ones"
        case "wrongPassword":
            "after some wrong passwords a name is locked for a while"
        case "accountNotFound":
            "`claviger account list` shows the accounts of the server"
        case "projectNotFound":
            "`claviger project list` shows the projects of the account"
        case "identityNotFound":
            "`claviger user list` shows the users of the account"
        case "groupNotFound":
            "`claviger group list` shows the groups of the account"
        case "accessKeyNotFound":
            "`claviger access-key list --user USER` shows the access keys of a user"
        case "policyNotFound":
            "`claviger policy list` shows the policies of the account; `claviger key policy set KEY` gives a key its own"
        case "nameExists":
            "names are unique within an account, those of accounts within the server"
        case "invalidName":
            "a name is made of letters, digits and some of the characters + = , . @ _ -"
        case "invalidPolicy":
            "`claviger policy check FILE` reads a policy without a server"
        case "policyInUse":
            "`claviger policy show POLICY` tells who has it; `claviger policy detach POLICY` takes it from them"
        case "tooManyAccessKeys":
            "`claviger access-key delete ID` makes room for another"
        case "lastRootKey":
            "`claviger access-key create` makes another one, which then takes its place"
        case "rootIdentity":
            "the root of an account may always do everything in it; users are what can be disabled and deleted"
        default:
            nil
        }
    }
}
