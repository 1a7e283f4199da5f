extension SignalsReport {
  public func render(_ style: Style) -> String {
    var table = TextTable([
      .init(title: "SIGNAL"), .init(title: "CHAIN", shrinks: true), .init(title: "UNTIL"),
      .init(title: "STACK"), .init(title: "DELIVERED", alignment: .right),
      .init(title: "HANDLED BY", shrinks: true), .init(title: "MEDIAN", alignment: .right),
      .init(title: "P99", alignment: .right),
    ])
    for signal in signals {
      table.add([
        signal.name, signal.chainText, signal.until ?? "–", signal.stackText,
        signal.deliveredText, signal.handledText,
        signal.latencyNs.map { duration($0.median) } ?? "–",
        signal.latencyNs.map { duration($0.p99) } ?? "–",
      ])
    }
    var lines = signals.isEmpty ? [] : table.render(style)
    if untouched > 0 {
      lines.append(style(.dim, "\(plural(untouched, "other")) have libc's behaviour (--all)"))
    }
    if detailed {
      for signal in signals { lines += signal.detail(style) }
    }
    return lines.joined(separator: "\n")
  }
}

extension SignalsReport.SignalLine {
  fileprivate var handlers: [SignalsReport.LinkLine] { chain.filter { $0.action == "handler" } }

  /// "jvm › go › app", or what is there instead of handlers.
  fileprivate var chainText: String {
    let names = handlers.map(\.runtime)
    if until == "last-wins" { return "\(names[0]) (of \(names.count))" }
    if !names.isEmpty { return names.joined(separator: " › ") }
    guard !chain.isEmpty else { return "–" }
    let ignoring = chain.filter { $0.action == "ignore" }.map(\.runtime)
    let asking = chain.filter { $0.action == "default" }.map { "\($0.runtime) asks default" }
    let state = ignoring.isEmpty ? "(default)" : "(ignored)"
    return ([state] + [(ignoring + asking).joined(separator: ", ")]).joined(separator: " ")
  }

  /// Which stack the handlers asked for.
  fileprivate var stackText: String {
    guard !handlers.isEmpty else { return "–" }
    let alternate = handlers.count { $0.flags.contains("onstack") }
    return alternate == handlers.count ? "alt" : alternate == 0 ? "normal" : "mixed"
  }

  /// With one owner the kernel calls its handler directly, and nobody counts.
  fileprivate var deliveredText: String {
    installed == "dispatcher" || delivered > 0 ? grouped(delivered) : "–"
  }

  fileprivate var handledText: String {
    let counts = chain.filter { $0.handled > 0 }.map { "\($0.runtime) \(grouped($0.handled))" }
    let nobody = unclaimed > 0 ? ["nobody \(grouped(unclaimed))"] : []
    let all = counts + nobody
    if !all.isEmpty { return all.joined(separator: "  ") }
    return installed != "dispatcher" && !handlers.isEmpty ? "called directly" : "–"
  }

  fileprivate func detail(_ style: Style) -> [String] {
    chain.enumerated().flatMap { index, link in
      ["", "\(index + 1) " + style(.bold, link.runtime) + "  " + link.headline] + link.rows(style)
    }
  }
}

extension SignalsReport.LinkLine {
  fileprivate var headline: String {
    switch action {
    case "ignore": "ignores it (SIG_IGN)"
    case "default": "asks for the default action (SIG_DFL)"
    default: [symbol ?? handler, library].compactMap { $0 }.joined(separator: "  ")
    }
  }

  fileprivate func rows(_ style: Style) -> [String] {
    var rows: [(String, String)] = []
    if action == "handler" { rows.append(("handler", handler)) }
    rows.append(("sa_flags", flags.isEmpty ? "–" : flags.joined(separator: " ")))
    rows.append(("sa_mask", maskText(mask)))
    rows.append(("installed", clock(installedNs) + (askedFromLibrary.map { " by \($0)" } ?? "")))
    rows.append(("from", askedFrom + (askedFromSymbol.map { " (\($0))" } ?? "")))
    if action == "handler" { rows.append(("handled", grouped(handled))) }
    return rows.flatMap { label, value in
      let fill = String(repeating: " ", count: 10 - label.count)
      let lines = wrapped(value, width: style.width - 16)
      return lines.enumerated().map { index, line in
        index == 0
          ? "    " + style(.dim, label) + fill + line
          : String(repeating: " ", count: 14) + line
      }
    }
  }
}
