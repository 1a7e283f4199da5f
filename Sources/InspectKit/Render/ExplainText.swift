extension SignalExplanation {
  public func render(_ style: Style) -> String {
    var lines = headline(style).split(separator: "\n")
      .flatMap { wrapped(String($0), width: style.width) }
    if !chain.isEmpty { lines += [""] + chainLines(style) }
    if installed == "dispatcher" { lines += [ending] + changeLine }
    if !events.isEmpty {
      lines += ["", style(.bold, "Last events") + ", newest first"]
      lines += events.flatMap { $0.lines(style) }
    } else if installed == "dispatcher", recorded == 0 {
      lines += ["", "No event was recorded yet."]
    }
    return lines.joined(separator: "\n")
  }

  private func headline(_ style: Style) -> String {
    let what = "\(style(.bold, signal)) in \(program) (\(pid))"
    guard let first = chain.first else {
      return "\(what): nobody asked for a handler; the kernel does as libc was told."
    }
    if mode != "enforce" {
      return "\(what): mode is \(mode), so the last installed handler gets it."
    }
    if until == "last-wins" {
      return "\(what) goes to \(first.runtime) alone, which asked last: this signal is not chained."
    }
    if installed != "dispatcher", chain.count == 1 {
      return "\(what) goes to \(first.runtime) alone: the kernel calls its handler directly."
    }
    let order = chain.map(\.runtime).joined(separator: ", then ")
    let until = until == "all" ? "Each is called." : "It stops at the first that handles it."
    return "\(what) goes to: \(order). \(until)\n"
      + (rule == nil ? "Evidence goes first" : "The rule goes first, then evidence")
      + ": whose instruction, whose address, whose thread."
  }

  private func chainLines(_ style: Style) -> [String] {
    var table = TextTable([
      .init(title: ""), .init(title: "RUNTIME"), .init(title: "HANDLER", shrinks: true),
      .init(title: "LIBRARY"), .init(title: "HANDLED"),
    ])
    for (index, link) in chain.enumerated() {
      let count =
        link.handled > 0
        ? "handled \(grouped(link.handled))"
        : delivered > 0 ? "never handled one" : "–"
      table.add([
        "  \(index + 1)", link.runtime, link.symbol ?? link.handler,
        link.library ?? "–", count,
      ])
    }
    var plain = style
    plain.legend = false
    return zip(table.render(plain), chain).flatMap { row, link in
      chain.count == 1 ? [row] : [row, "     " + style(.dim, link.reason + note(link))]
    }
  }

  private func note(_ link: LinkLine) -> String {
    guard let rule, link.reason.contains("by rule") else { return "" }
    return "  \(rule.file):\(rule.line)" + (rule.reason.map { "  \"\($0)\"" } ?? "")
  }

  private var ending: String {
    let fault = SignalNames.faults.contains(number) || number == 6
    let seen = unclaimed > 0 ? " That happened \(plural(Int(clamping: unclaimed), "time"))." : ""
    let last = lastResort.map { "\($0), installed first, reports it; then the " } ?? ""
    return "If none handles it: \(last)default action" + (fault ? " (terminate, core)." : ".")
      + seen
  }

  private var changeLine: [String] {
    guard let rule else {
      return ["Change it: [[signals.rule]] in coexist-config.toml."]
    }
    return ["Change it: \(rule.file):\(rule.line), [[signals.rule]] order."]
  }
}

extension EventLine {
  func lines(_ style: Style) -> [String] {
    let result =
      switch outcome {
      case "claimed": style(.green, "handled by \(handledBy ?? "?")")
      case "default": style(.red, "nobody claimed it: default action")
      default: style(.yellow, "no answer: its handler runs, or left without returning")
      }
    let begun = toHandlerNs.map { "; first handler after \(duration(UInt64($0)))" } ?? ""
    let time = totalNs.map { ", done after \(duration(UInt64($0)))" } ?? ""
    var lines = [
      "  #\(sequence)  \(preciseClock(timeNs))  tid \(tid)  \(code)\(place)  \(result)"
    ]
    lines.append(
      "      instruction \(pc)\(pcSymbol.map { " \($0)" } ?? "") (\(who(pcOwner))), \(target)")
    lines.append("      \(first)\(begun)\(time)")
    lines += tried.map { "      \($0.runtime) \(How.phrase($0.how))" }
    return lines
  }

  private var place: String { senderPid == nil ? " at \(address)" : "" }

  private var target: String {
    if let senderPid { return "sent by process \(senderPid), thread of \(who(threadOwner))" }
    return "address of \(who(addressOwner)), thread of \(who(threadOwner))"
  }

  /// libc and the loader work for everybody, so they are evidence for nobody.
  private func who(_ owner: String) -> String { owner == "system" ? "no runtime" : owner }

  /// Who was asked first, and by which evidence.
  private var first: String {
    let name = tried.first?.runtime ?? "nobody"
    return switch evidence {
    case "pc": "asked \(name) first: the instruction is its own"
    case "address": "asked \(name) first: the address is its own"
    case "thread": "asked \(name) first: it made the thread"
    case "rule": "asked \(name) first: a rule of the configuration says so"
    default: "no evidence: asked in the order of the chain"
    }
  }
}
