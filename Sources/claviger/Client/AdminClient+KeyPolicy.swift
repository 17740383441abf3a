import ClavigerCrypto

extension AdminClient {
    /// Reads (GET), sets (PUT) or deletes the policy of a key.
    ///
    /// - Parameters:
    ///   - id: the key's, in the profile's region.
    ///   - parameters: writes the members of the body, if there is one.
    func keyPolicy(
        _ method: HTTPTransport.Method, _ id: String, _ parameters: ((inout JSONWriter) -> Void)? = nil
    ) async throws(CommandFailure) -> JSONValue {
        try await call(method, ["keys", id, "policy"], query: [("region", try region())], parameters)
    }
}
