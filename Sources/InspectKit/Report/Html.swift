/// Text for HTML: what came from outside is escaped where it enters.
struct Html {
  private(set) var text = ""

  /// Markup of our own.
  mutating func raw(_ markup: String) {
    text += markup
    text += "\n"
  }

  /// An element with text in it.
  mutating func element(_ name: String, _ content: String, _ attributes: [(String, String)] = []) {
    raw(Html.element(name, content, attributes))
  }

  /// A table; `numbers` are the columns that stand at the right.
  mutating func table(_ titles: [String], numbers: Set<Int> = [], _ rows: [[String]]) {
    raw("<div class=\"wide\"><table><thead><tr>")
    for title in titles { element("th", title, [("scope", "col")]) }
    raw("</tr></thead><tbody>")
    for row in rows {
      let cells = row.enumerated().map {
        Html.element("td", $1, numbers.contains($0) ? [("class", "number")] : [])
      }
      raw("<tr>" + cells.joined() + "</tr>")
    }
    raw("</tbody></table></div>")
  }

  static func element(
    _ name: String, _ content: String, _ attributes: [(String, String)] = []
  ) -> String {
    let list = attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    return "<\(name)\(list)>\(escaped(content))</\(name)>"
  }

  private static func isSpecial(_ letter: UInt8) -> Bool {
    letter == UInt8(ascii: "&") || letter == UInt8(ascii: "<") || letter == UInt8(ascii: ">")
      || letter == UInt8(ascii: "\"")
  }

  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: isSpecial) else { return text }
    return text.reduce(into: "") { result, letter in
      switch letter {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(letter)
      }
    }
  }

  /// JSON for a script element: `</script>` in one of its strings would end it.
  static func insideScript(_ json: String) -> String {
    guard json.utf8.contains(UInt8(ascii: "<")) else { return json }
    return json.split(separator: "</", omittingEmptySubsequences: false).joined(separator: "<\\/")
  }
}
