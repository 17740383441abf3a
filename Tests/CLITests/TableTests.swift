import Testing

@testable import claviger

@Suite struct TableTests {
    @Test func `Columns are aligned and lines end without blanks`() {
        let table = Table("ID", "ALIAS", "NOTE", rows: [["1", "orders", ""], ["200", "a", "x"]])
        #expect(table.text == "ID   ALIAS   NOTE\n1    orders\n200  a       x\n")
    }

    @Test func `Wide characters take two columns`() {
        let table = Table("NAME", "N", rows: [["订单", "1"], ["ab", "2"], ["e\u{301}", "3"]])
        #expect(table.text == "NAME  N\n订单  1\nab    2\ne\u{301}     3\n")
    }

    @Test func `Text cannot control the terminal`() {
        let table = Table("NAME", rows: [["a\u{1B}[2J\nb\u{9B}\u{202E}"]])
        #expect(table.text == "NAME\na\\u{1b}[2J\\nb\\u{9b}\\u{202e}\n")
    }

    @Test func `Properties that are missing are left out`() {
        #expect(
            Table(properties: ["Key id": "1", "Alias": nil, "State": "Enabled"]).text == "Key id  1\nState   Enabled\n")
    }

    @Test func `Rows that come later keep the columns`() {
        var table = Table("TIME", "N")
        table.widen(to: [6])
        table.append(["1", "2"])
        #expect(table.takeLines() == "TIME    N\n1       2\n")
        table.append(["3", "4"])
        #expect(table.takeLines() == "3       4\n")
    }
}
