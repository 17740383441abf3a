import Testing

@testable import ClavigerStoreSQLite

@Suite struct RecentValuesTests {
    @Test func `What was used last stays, and the number is bounded`() {
        var values = RecentValues<Int, Int>(capacity: 10)
        for key in 0..<100 {
            values[key] = key * 2
            #expect(values[0] == 0)
            #expect(values[key] == key * 2)
        }
        #expect((0..<100).count { values[$0] != nil } <= 10)
    }
}
