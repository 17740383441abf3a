import ClavigerCore

extension KMSError {
    /// What became of an error inside the store: our own go through as they are, everything else means that the store failed.
    init(store error: any Error) {
        self = error as? KMSError ?? KMSError(.storeUnavailable, "the key store did not answer", cause: error)
    }

    init(opening error: any Error) {
        self = error as? KMSError ?? KMSError(.storeUnavailable, "the key store cannot be opened", cause: error)
    }

    /// The schema allows no such row, so the file has been damaged.
    static let unreadableRow = KMSError(.storeUnavailable, "the key store holds a row that cannot be read")
}
