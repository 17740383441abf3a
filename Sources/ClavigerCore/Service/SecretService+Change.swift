extension SecretService {
    /// Changes what is said of the secret.
    ///
    /// - Parameter text: `nil` leaves it as it is.
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`.
    package func updateDescription(
        of name: SecretName, to text: String?, as caller: Caller
    ) async throws(KMSError) {
        try await change(name, as: caller) { secret, now throws(KMSError) in
            try secret.describe(as: text ?? secret.description, at: now)
            return []
        }
    }

    /// Gives a label to another version, or takes it away; see ``Secret/moveStage(_:to:from:at:)``.
    ///
    /// - Parameters:
    ///   - target: the id of the version that gets the label; `nil` if none shall have it.
    ///   - source: the id of the version that must have it; `nil` if it does not matter.
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`, `.secretVersionNotFound`, `.invalidParameter`, `.tooManyStages`.
    package func moveStage(
        _ stage: SecretStage, of name: SecretName, to target: String?, from source: String?, as caller: Caller
    ) async throws(KMSError) {
        try await change(name, as: caller) { secret, now throws(KMSError) in
            try secret.moveStage(stage, to: target, from: source, at: now)
            return []
        }
    }
}
