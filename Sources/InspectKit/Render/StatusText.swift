extension StatusReport {
  public func render(_ style: Style) -> String {
    var lines = [headline(style)]
    func row(_ label: String, _ value: String) {
      lines.append(
        String(repeating: " ", count: 12 - label.count) + style(.bold, label) + "  " + value)
    }
    row("Command", command.joined(separator: " "))
    row(
      "Since",
      "\(dateAndTime(moment.started)) (\(ago(moment.started, now: moment.now, short: false)))")
    row("Library", "libcoexist.so \(libraryVersion) (state \(stateVersion))")
    row("Config", configText)
    row("Mode", mode)
    row(
      "Signals",
      "\(signals.chained) chained · \(grouped(signals.delivered)) delivered · "
        + "\(grouped(signals.unclaimed)) unclaimed")
    row("Threads", life == "running" ? threadsText : "–")
    row("Regions", "\(grouped(UInt64(regions))) of generated code or guarded memory")
    if contexts > 0 { row("Contexts", "\(grouped(contexts)) living") }
    if !containers.isEmpty {
      row("Containers", "\(containers.count) (\(containers.joined(separator: ", ")))")
    }
    if !runtimes.isEmpty { lines += ["", style(.bold, "Runtimes")] + runtimeTable(style) }
    if !warnings.isEmpty { lines += ["", style(.bold, "Warnings")] + warningLines(style) }
    return lines.joined(separator: "\n")
  }

  private func headline(_ style: Style) -> String {
    let names = runtimes.isEmpty ? "no runtime yet" : runtimes.map(\.name).joined(separator: ", ")
    let look: Style.Look =
      switch condition {
      case .coexisting, .observing: .green
      case .degraded: .yellow
      case .off: .red
      }
    let ended = life == "running" ? "" : life == "core" ? " (core)" : " (ended)"
    return "\(style(look, "●")) \(style(.bold, moment.name)) (\(pid)) — \(word)\(ended): \(names)"
  }

  /// "212 (app 152, jvm 38, go 14, lean 8)": by who made them, as far as they have lines.
  private var threadsText: String {
    let makers = threadsBy.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let list = makers.map { "\($0.key) \(grouped(UInt64($0.value)))" }.joined(separator: ", ")
    return grouped(threads) + (makers.count > 1 ? " (\(list))" : "")
  }

  private var word: String {
    guard condition == .degraded else { return condition.rawValue }
    let lost = Set(warnings.map(\.code)).intersection(Condition.lasting).count
    if lost == 0 { return "degraded (mistakes in the configuration)" }
    return "degraded (\(plural(lost, "feature")) off)"
  }

  private var configText: String {
    let options = config.options.map { ", COEXIST_OPTIONS \($0)" } ?? ""
    guard let path = config.path else { return "built-in defaults" + options }
    let problems = config.problems == 0 ? "" : ", \(plural(config.problems, "problem"))"
    return "\(path), \(plural(config.keys, "key"))\(problems)\(options) "
      + "(coexist-inspect config show --pid \(pid))"
  }

  private func runtimeTable(_ style: Style) -> [String] {
    var table = TextTable([
      .init(title: "  RUNTIME"), .init(title: "LIBRARY", shrinks: true),
      .init(title: "HANDLED", alignment: .right), .init(title: "HANDED ON", alignment: .right),
      .init(title: "SINCE"),
    ])
    for runtime in runtimes {
      table.add([
        "  " + runtime.name, runtime.library, grouped(runtime.claimed), grouped(runtime.declined),
        clock(runtime.sinceNs),
      ])
    }
    return table.render(style)
  }

  private func warningLines(_ style: Style) -> [String] {
    warnings.flatMap { warning in
      let hint = "coexist-inspect explain \(warning.code)"
      let indent = String(repeating: " ", count: 8)
      var lines = wrapped(
        "\(clock(warning.atNs)) \(warning.text)", width: style.width, indent: indent)
      if let last = lines.last, last.count + 3 + hint.count <= style.width {
        lines[lines.count - 1] += "   " + hint
      } else {
        lines.append(indent + hint)
      }
      let gap = String(repeating: " ", count: max(2, 6 - warning.code.count))
      return lines.enumerated().map { index, line in
        index == 0 ? "  \(style(.yellow, warning.code))\(gap)\(line.dropFirst(8))" : line
      }
    }
  }
}
