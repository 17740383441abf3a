/// A bounded dictionary that forgets what has not been used for longest.
struct RecentValues<Key: Hashable, Value> {
    private let capacity: Int
    private var entries: [Key: (value: Value, lastUse: UInt64)] = [:]
    private var uses: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    subscript(key: Key) -> Value? {
        mutating get {
            uses += 1
            entries[key]?.lastUse = uses
            return entries[key]?.value
        }
        set {
            uses += 1
            entries[key] = newValue.map { ($0, uses) }
            if entries.count > capacity { forgetOlderHalf() }
        }
    }

    /// Half at a time, so that the sorting is paid for by many insertions.
    private mutating func forgetOlderHalf() {
        let median = entries.values.map(\.lastUse).sorted()[entries.count / 2]
        entries = entries.filter { $0.value.lastUse >= median }
    }
}
