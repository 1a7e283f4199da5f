/// A table of plain text: columns two spaces apart, as wide as their widest cell.
struct TextTable {
  enum Alignment { case left, right }

  struct Column {
    let title: String
    var alignment = Alignment.left
    /// Whether it is cut with `…` when the table is wider than the output.
    var shrinks = false
  }

  let columns: [Column]
  private var rows: [(cells: [String], widths: [Int], look: Style.Look?)] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: [String], look: Style.Look? = nil) {
    rows.append((cells, cells.map(TextTable.width), look))
  }

  /// Counting characters is slow, and most cells are ASCII.
  private static func width(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
  }

  func render(_ style: Style) -> [String] {
    let titles = columns.map(\.title)
    var widths = columns.indices.map { index in
      max(style.legend ? titles[index].count : 0, rows.map { $0.widths[index] }.max() ?? 0)
    }
    let gaps = 2 * (columns.count - 1)
    // The widest of those that may shrink gives way first.
    var excess = widths.reduce(gaps, +) - style.width
    while excess > 0,
      let index = columns.indices.filter({ columns[$0].shrinks && widths[$0] > 8 })
        .max(by: { widths[$0] < widths[$1] })
    {
      widths[index] -= 1
      excess -= 1
    }
    var lines = style.legend ? [style(.dim, line(titles, titles.map(TextTable.width), widths))] : []
    for row in rows {
      let text = line(row.cells, row.widths, widths)
      lines.append(row.look.map { style($0, text) } ?? text)
    }
    return lines
  }

  private func line(_ cells: [String], _ own: [Int], _ widths: [Int]) -> String {
    var result = ""
    for (index, cell) in cells.enumerated() {
      let isCut = own[index] > widths[index]
      let text = isCut ? String(cell.prefix(widths[index] - 1)) + "…" : cell
      let fill = String(repeating: " ", count: isCut ? 0 : widths[index] - own[index])
      result += (index == 0 ? "" : "  ")
      result += columns[index].alignment == .right ? fill + text : text + fill
    }
    let end = result.utf8.lastIndex { $0 != UInt8(ascii: " ") }
    return end.map { String(result[...$0]) } ?? ""
  }
}
