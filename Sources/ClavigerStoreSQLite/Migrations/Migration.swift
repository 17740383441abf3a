import GRDB

/// One step of the schema. A released step never changes; the schema moves forward by a further one.
protocol Migration: SendableMetatype {
    /// What the database remembers the step by.
    static var name: String { get }

    static func migrate(_ database: Database) throws
}
