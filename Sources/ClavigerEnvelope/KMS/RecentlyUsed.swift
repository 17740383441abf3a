/// A bounded table: when it is full, the entry goes that was not used for the longest time.
struct RecentlyUsed<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    /// Lets `body` use and change the value for `key`; `nil` stands for none.
    mutating func use<Result>(_ key: Key, _ body: (inout Value?) -> Result) -> Result {
        uses += 1
        guard let index = entries.index(forKey: key) else {
            var value: Value?
            let result = body(&value)
            if let value { insert(value, for: key) }
            return result
        }
        var value: Value? = entries.values[index].value
        let result = body(&value)
        if let value {
            entries.values[index] = Entry(value: value, lastUse: uses)
        } else {
            entries.remove(at: index)
        }
        return result
    }

    private mutating func insert(_ value: Value, for key: Key) {
        // Whoever makes a new entry calls the KMS: next to that, a look at all of them costs nothing.
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
        }
        entries[key] = Entry(value: value, lastUse: uses)
    }

    mutating func removeAll() { entries.removeAll() }

    mutating func removeAll(where isDone: (Value) -> Bool) {
        entries = entries.filter { !isDone($0.value.value) }
    }
}
