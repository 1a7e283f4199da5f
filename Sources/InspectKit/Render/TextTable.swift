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
  private var rows: [(cells: [String], look: Style.Look?)] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: [String], look: Style.Look? = nil) { rows.append((cells, look)) }

  func render(_ style: Style) -> [String] {
    let titles = columns.map(\.title)
    var widths = columns.indices.map { index in
      ((style.legend ? [titles[index]] : []) + rows.map { $0.cells[index] }).map(\.count).max() ?? 0
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
    var lines = style.legend ? [style(.dim, line(titles, widths))] : []
    for row in rows {
      let text = line(row.cells, widths)
      lines.append(row.look.map { style($0, text) } ?? text)
    }
    return lines
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var result = ""
    for (index, cell) in cells.enumerated() {
      let text = cell.count > widths[index] ? String(cell.prefix(widths[index] - 1)) + "…" : cell
      let fill = String(repeating: " ", count: widths[index] - text.count)
      result += (index == 0 ? "" : "  ")
      result += columns[index].alignment == .right ? fill + text : text + fill
    }
    return String(result.reversed().drop { $0 == " " }.reversed())
  }
}
