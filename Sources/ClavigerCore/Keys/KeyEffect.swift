/// What a change of a key does to what belongs to it.
package enum KeyEffect: Sendable {
    /// Adds a version as the newest, or puts it in the place of the version with the same id. Its `ordinal` is the store's to give. It is an
    /// error, `.tooManyRotations`, if the key has `limit` other versions already.
    case addVersion(KeyVersion, limit: Int = .max)

    /// Removes every version: the material is gone.
    case removeVersions

    /// Adds a binding; one that is there already stays.
    case bind(ResourceBinding)

    /// Removes a binding; it is an error, `.bindingNotFound`, if there is none.
    case unbind(ResourceBinding)

    /// Adds import parameters, and forgets all earlier ones of the key if they supersede them.
    case addImportParameters(ImportParameters, supersedesEarlier: Bool)

    /// Adds a grant.
    case addGrant(KeyGrant)

    /// Removes the grant with this id; it is an error, `.grantNotFound`, if the key has none.
    case removeGrant(String)
}
