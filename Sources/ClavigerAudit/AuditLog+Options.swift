extension AuditLog {
    /// How the log is cut and covered.
    package struct Options: Hashable, Sendable {
        /// Bytes after which a segment is closed and the next begins.
        package var segmentSize: Int

        /// The longest time that a record waits for a checkpoint to cover it.
        package var checkpointInterval: Duration

        /// The most records that wait for one.
        package var checkpointRecords: Int

        /// The shortest time between two syncs while nobody waits for one; ``AuditLog/recordDurably(_:)`` never waits for it.
        package var dataSyncInterval: Duration

        package init(
            segmentSize: Int = 256 << 20, checkpointInterval: Duration = .seconds(1), checkpointRecords: Int = 4096,
            dataSyncInterval: Duration = .zero
        ) {
            self.segmentSize = segmentSize
            self.checkpointInterval = checkpointInterval
            self.checkpointRecords = checkpointRecords
            self.dataSyncInterval = dataSyncInterval
        }
    }
}
