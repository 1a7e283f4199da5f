extension ContextsReport {
  public func render(_ style: Style) -> String {
    guard made > 0 else {
      return style(.dim, "\(program) (\(pid)) has made no context: all state is the threads' own")
    }
    if isDetailed, let line = contexts.first { return detail(line, style) }
    let shown = UInt64(contexts.count)
    let rest = living > shown ? ", \(grouped(living - shown)) not listed" : ""
    let count = plural(Int(clamping: living), "context")
    let summary = style(.dim, "\(count) of \(grouped(made)) made\(rest)")
    return contexts.isEmpty ? summary : (table(style) + [summary]).joined(separator: "\n")
  }

  private func table(_ style: Style) -> [String] {
    var table = TextTable([
      .init(title: "ID", alignment: .right), .init(title: "HOST"),
      .init(title: "MADE BY", shrinks: true), .init(title: "INSIDE", alignment: .right),
      .init(title: "STACK"), .init(title: "SIZE", alignment: .right),
      .init(title: "BLOCKS", alignment: .right), .init(title: "BYTES", alignment: .right),
      .init(title: "RESUMED", alignment: .right), .init(title: "MOVED", alignment: .right),
      .init(title: "MADE"),
    ])
    for line in contexts {
      table.add([
        "\(line.id)", line.host, line.madeBy, line.insideText, line.stackLow ?? "–",
        kibibytes(line.stackBytes), "\(line.blocks)", grouped(line.blockBytes),
        line.resumed.map { grouped(UInt64($0)) } ?? "–",
        line.migrations.map { grouped(UInt64($0)) } ?? "–",
        ago(line.madeNs, now: now, short: true),
      ])
    }
    return table.render(style)
  }

  private func detail(_ line: Line, _ style: Style) -> String {
    var rows = [style(.bold, "Context \(line.id) of \(program) (\(pid)): \(line.hostText)"), ""]
    func row(_ name: String, _ text: String) {
      rows.append("  " + name + String(repeating: " ", count: 10 - name.count) + text)
    }
    row("made by", "\(line.madeBy), \(ago(line.madeNs, now: now, short: false))")
    row("record", line.record)
    switch line.inside {
    case "thread": row("inside", "thread \(line.tid ?? 0)")
    case "nobody": row("inside", "nobody")
    default: row("inside", "not known: no sleeping thread is on it, or memory may not be read")
    }
    if let low = line.stackLow, let high = line.stackHigh {
      row("stack", "\(low) to \(high), \(kibibytes(line.stackBytes))")
    } else {
      row("stack", "none of its own")
    }
    if let resumed = line.resumed, let migrations = line.migrations {
      row("resumed", "\(grouped(UInt64(resumed))) times, \(grouped(UInt64(migrations))) elsewhere")
    }
    row("state", "\(plural(line.blocks, "block")), \(grouped(line.blockBytes)) bytes")
    for module in line.modules { row("", "\(module.library) \(grouped(module.bytes))") }
    let more = line.blocks - line.modules.count
    if more > 0 { row("", "and \(more) more") }
    row("roots", shownTo.isEmpty ? "no collector asks" : "shown to " + words(shownTo))
    return rows.joined(separator: "\n")
  }

  private func words(_ list: [String]) -> String { list.joined(separator: ", ") }
}

extension ContextsReport.Line {
  fileprivate var insideText: String {
    inside == "thread" ? "\(tid ?? 0)" : inside == "nobody" ? "–" : "?"
  }

  fileprivate var hostText: String {
    switch host {
    case "stack": "whatever runs on a fiber's stack"
    case "task": "a task"
    case "virtual": "a virtual thread"
    default: "entered by hand"
    }
  }
}
