import CCoexist
import CInspect

/// The same facts as a `[[runtime]]`, and as a data file of the catalogue.
extension RuntimeFacts {
  private enum Value {
    case text(String?)
    case words([String])
    case number(Int)
  }

  /// In the order of the schema; what says nothing is left out.
  private var keys: [(key: String, value: Value)] {
    [
      ("name", .text(name)), ("title", .text(title)), ("libraries", .words(libraries)),
      ("symbols", .words(symbols)), ("note", .text(note)), ("signals", .words(signals)),
      ("private_signals", .words(privateSignals)), ("suspend_signal", .text(suspendSignal)),
      ("claims", .text(claims)), ("passes", .text(passes)),
      ("previous", .text(previous == "default" ? nil : previous)), ("flags", .words(flags)),
      ("stack", .text(stack)), ("source", .text(source)), ("loader", .words(loader)),
      ("steady_threads", .number(steadyThreads)), ("restart", .text(restart)),
      ("bundled", .words(bundled)), ("tls", .text(tls)), ("variables", .words(variables)),
      ("attach", .text(attach)), ("attach_argument", .text(attachArgument)),
      ("share", .text(share)),
    ]
  }

  /// A whole configuration. `remarks`: by key; they stand above it, also above one without a value.
  public func toml(_ remarks: [String: [String]] = [:]) -> String {
    var lines = ["version = 1", "", "[[runtime]]"]
    for (key, value) in keys {
      lines += (remarks[key] ?? []).map { "# \($0)" }
      switch value {
      case .text(let text?) where !text.isEmpty: lines.append("\(key) = \(quoted(text))")
      case .words(let words) where !words.isEmpty:
        let words = RuntimeFacts.joined(words.map { quoted($0) }, ",")
        lines += RuntimeFacts.wrapped("\(key) = [", words, "]")
      case .number(let number) where number != 0: lines.append("\(key) = \(number)")
      default: break
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Sources/CCoexist/catalogue/NAME.h. Remarks stand above all.
  func header(_ remarks: [String: [String]] = [:]) -> String {
    var lines = ["// \(title.isEmpty ? name : title)."]
    lines += keys.flatMap { remarks[$0.key] ?? [] }.map { "// \($0)" }
    lines.append("COEXIST_RUNTIME(\(name),")
    let fields = keys.compactMap { field($0.key, $0.value) }
    for (index, field) in fields.enumerated() {
      var field = field
      field[field.count - 1] += index + 1 < fields.count ? "," : ")"
      lines += field
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func field(_ key: String, _ value: Value) -> [String]? {
    let lists: [String: inspect_words] = [
      "claims": INSPECT_CLAIMS, "passes": INSPECT_PASSES, "previous": INSPECT_PREVIOUS,
      "flags": INSPECT_FLAGS, "loader": INSPECT_LOADER, "tls": INSPECT_TLS,
    ]
    let start = "  .\(key) = "
    switch value {
    case .text(let text?) where !text.isEmpty:
      if let list = lists[key] { return [start + CatalogueWord.constant(list, text)] }
      if key == "suspend_signal" { return [start + RuntimeFacts.constant(ofSignal: text)] }
      return RuntimeFacts.wrapped(start, RuntimeFacts.pieces(of: text), "")
    case .words(let words) where !words.isEmpty:
      if key == "variables" { return variableLines(start) }
      if let list = lists[key] {
        let bits = words.map { CatalogueWord.constant(list, $0) }
        return RuntimeFacts.wrapped(start, RuntimeFacts.joined(bits, " |"), "")
      }
      if key.hasSuffix("signals") {
        return RuntimeFacts.wrapped(start, RuntimeFacts.bits(words), "")
      }
      return RuntimeFacts.wrapped(
        start + "{", RuntimeFacts.joined(words.map { quoted($0) }, ","), "}")
    case .number(let number) where number != 0: return [start + "\(number)"]
    default: return nil
    }
  }

  private func variableLines(_ start: String) -> [String] {
    let entries = variables.map { variable in
      let parts = variable.split(separator: ":")
      return "    {\(quoted(String(parts[0]))), \(parts.count > 1 ? parts[1] : "0")},"
    }
    return [start + "(const struct coexist_manifest_entry[]){"] + entries + ["    {0, 0}}"]
  }

  private static func bits(_ signals: [String]) -> [String] {
    let real = (34...64).map(SignalNames.name)
    let all = signals.filter(real.contains).count == real.count
    let rest = all ? signals.filter { !real.contains($0) } : signals
    let bits = rest.map { "COEXIST_SIGNAL_BIT(\(constant(ofSignal: $0)))" }
    return joined(bits + (all ? ["COEXIST_REALTIME_SIGNALS"] : []), " |")
  }

  /// SIGRTMIN is no constant in C.
  private static func constant(ofSignal name: String) -> String {
    if name == COEXIST_FIRST_REALTIME_WORD { return "COEXIST_SUSPEND_FIRST_REALTIME" }
    guard name.hasPrefix("SIGRT"), let number = SignalNames.number(name) else { return name }
    return "\(number)"
  }

  private static func joined(_ words: [String], _ mark: String) -> [String] {
    words.enumerated().map { $0.offset + 1 < words.count ? $0.element + mark : $0.element }
  }

  /// C joins neighbouring strings.
  private static func pieces(of text: String) -> [String] {
    var pieces = [""]
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if pieces[pieces.count - 1].count + word.count > 70 { pieces.append("") }
      pieces[pieces.count - 1] += word + " "
    }
    pieces[pieces.count - 1].removeLast()
    return pieces.map(quoted)
  }

  /// At most 100 columns, where words allow it.
  private static func wrapped(_ start: String, _ words: [String], _ end: String) -> [String] {
    var lines = [start]
    for (index, word) in words.enumerated() {
      let space = index == 0 ? "" : " "
      if lines[lines.count - 1].count + space.count + word.count > 97, index > 0 {
        lines.append("      " + word)
      } else {
        lines[lines.count - 1] += space + word
      }
    }
    lines[lines.count - 1] += end
    return lines
  }
}

/// As TOML and C write it.
private func quoted(_ text: String) -> String {
  "\""
    + text.reduce(into: "") { result, letter in
      if letter == "\"" || letter == "\\" { result.append("\\") }
      result.append(letter)
    } + "\""
}
