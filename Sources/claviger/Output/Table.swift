/// Rows in aligned columns, two blanks apart, without blanks at a line's end.
struct Table {
    private var header: [String]?
    private var rows: [[String]] = []
    private var widths: [Int] = []

    /// A table with a header.
    init(_ columns: String..., rows: [[String]] = []) { self.init(columns: columns, rows: rows) }

    init(columns: [String], rows: [[String]] = []) {
        header = columns
        fit(columns)
        for row in rows { append(row) }
    }

    /// One thing's properties, a line for each; those that are `nil` are left out.
    init(properties: KeyValuePairs<String, String?>) {
        for (name, value) in properties {
            if let value { append([name, value]) }
        }
    }

    mutating func append(_ row: [String]) {
        let row = row.map(DisplayText.visible)
        rows.append(row)
        fit(row)
    }

    /// Gives columns at least these widths, for rows that are not known yet.
    mutating func widen(to widths: [Int]) {
        for (index, width) in widths.enumerated() where index < self.widths.count {
            self.widths[index] = max(self.widths[index], width)
        }
    }

    /// The lines, each with its newline.
    var text: String { ((header.map { [$0] } ?? []) + rows).map(line).joined() }

    /// The rows appended so far, which are then forgotten; the columns keep their widths. The first time with the header.
    mutating func takeLines() -> String {
        defer {
            header = nil
            rows = []
        }
        return text
    }

    private mutating func fit(_ row: [String]) {
        for (index, cell) in row.enumerated() {
            let width = DisplayText.width(cell)
            if index < widths.count { widths[index] = max(widths[index], width) } else { widths.append(width) }
        }
    }

    private func line(_ row: [String]) -> String {
        var line = ""
        for (index, cell) in row.enumerated() {
            line += cell
            line += String(repeating: " ", count: widths[index] - DisplayText.width(cell) + 2)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
