/// A manual page in the man(7) language.
struct Roff {
  private(set) var text: String

  init(_ title: String, section: Int, _ summary: String) {
    text =
      ".\\\" Made by coexist-inspect manual.\n"
      + ".TH \(Roff.escaped(title.uppercased())) \(section) \"\" \"coexist \(toolVersion)\"\n"
      + ".nh\n.SH NAME\n\(Roff.escaped(title)) \\- \(Roff.escaped(summary))\n"
  }

  mutating func section(_ title: String) { text += ".SH \(Roff.escaped(title))\n" }

  mutating func subsection(_ title: String) { text += ".SS \"\(Roff.escaped(title))\"\n" }

  mutating func paragraph(_ words: String) { text += ".PP\n\(Roff.line(words))\n" }

  /// A term and its meaning, indented.
  mutating func item(_ term: String, _ meaning: String) {
    text += ".TP\n.B \(Roff.escaped(term))\n\(Roff.line(meaning.isEmpty ? "-" : meaning))\n"
  }

  /// As it is, without filling.
  mutating func block(_ lines: String) {
    text += ".PP\n.nf\n.RS 2\n"
    text += lines.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Roff.line(String($0)) }.joined(separator: "\n")
    text += "\n.RE\n.fi\n"
  }

  /// Hyphens that are typed must stay hyphens; a backslash is the escape.
  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, letter in
      switch letter {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      default: result.append(letter)
      }
    }
  }

  /// A line of text may not begin like a request.
  private static func line(_ text: String) -> String {
    let safe = escaped(text.map { $0 == "\n" ? " " : String($0) }.joined())
    return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
  }
}
