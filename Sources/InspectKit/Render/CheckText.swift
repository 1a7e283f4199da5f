extension CheckReport {
  /// Each mistake with its line and a caret below it, then the sum. `quiet`: only the mistakes.
  public func render(_ style: Style, quiet: Bool = false) -> String {
    var blocks = diagnostics.map { $0.render(style, file: shownName, lines: lines) }
    if !quiet || !diagnostics.isEmpty { blocks.append(summary) }
    return blocks.joined(separator: "\n\n")
  }

  private var summary: String {
    if diagnostics.isEmpty {
      return file == nil
        ? "No configuration file: the built-in defaults are used."
        : "\(shownName): \(plural(keys, "key")), no mistakes."
    }
    let parts = [
      errors > 0 ? plural(errors, "error") : nil, warnings > 0 ? plural(warnings, "warning") : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ") + " in \(shownName)"
  }
}

extension CheckReport.MistakeLine {
  fileprivate func render(_ style: Style, file: String, lines: [Substring]) -> String {
    let look: Style.Look = severity == "error" ? .red : .yellow
    var result = ["\(style(look, "\(severity)[\(code)]")): \(message)"]
    let width = max(2, "\(line)".count)
    let bar = String(repeating: " ", count: width) + " |"
    if line > 0 {
      result.append(String(repeating: " ", count: width) + "--> \(file):\(line):\(column)")
      if lines.indices.contains(line - 1) {
        let number = String(repeating: " ", count: width - "\(line)".count) + "\(line)"
        let source = SourceLine(lines[line - 1], column: column, length: length)
        result += [bar, "\(number) | \(source.text)"]
        result.append("\(bar) \(source.indent)\(style(look, source.carets + labelText))")
      } else if let label {
        result.append("\(bar) \(label)")
      }
    } else {
      // Of an option, which has a column only.
      result.append(String(repeating: " ", count: width) + "--> COEXIST_OPTIONS:\(column)")
      if let label { result.append("   = \(label)") }
    }
    if let help { result.append("   = help: \(help)") }
    return result.joined(separator: "\n")
  }

  private var labelText: String { label.map { " " + $0 } ?? "" }
}

/// A line of the file made printable, and where its underlined part is on the screen.
struct SourceLine {
  let text: String
  let indent: String
  let carets: String

  /// `column` counts bytes from 1, `length` bytes; both may be beyond the line.
  init(_ line: Substring, column: Int, length: Int) {
    let bytes = Array(line.utf8)
    let start = min(max(0, column - 1), bytes.count)
    let end = min(bytes.count, start + max(1, min(length, 1 << 16)))
    func shown(_ range: Range<Int>) -> String {
      let part = String(decoding: bytes[range], as: UTF8.self)
      return printable(part.map { $0 == "\t" ? "    " : String($0) }.joined())
    }
    text = shown(0..<bytes.count)
    indent = String(repeating: " ", count: shown(0..<start).count)
    carets = String(repeating: "^", count: max(1, shown(start..<end).count))
  }
}
