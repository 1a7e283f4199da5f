/// The pictures of the report: one lane for each runtime, and what was dispatched to whom.
struct Lanes {
  private static let left = 150
  private static let width = 960
  private static let height = 34

  private let names: [String]

  /// Every runtime that is there or was asked, the program, and a lane for what nobody claimed.
  init(_ report: ProcessReport) {
    var names = report.status.runtimes.map(\.name)
    for event in report.events {
      for one in event.tried where !names.contains(one.runtime) { names.append(one.runtime) }
    }
    self.names = names + ["nobody"]
  }

  /// When each runtime came, from the start of the process to the moment of looking.
  func lives(_ report: ProcessReport) -> String {
    let start = report.status.moment.started
    let end = max(report.status.moment.now, start + 1)
    let runtimes = report.status.runtimes
    var body = ""
    for (index, runtime) in runtimes.enumerated() {
      let from = place(min(max(runtime.sinceNs, start), end), start, end)
      let top = index * Lanes.height + 8
      body += label(runtime.name, index)
      body +=
        "<rect class=\"lane c\(index % 8)\" x=\"\(from)\" y=\"\(top)\" "
        + "width=\"\(max(2, Lanes.width - from))\" height=\"18\" rx=\"3\">"
        + "<title>\(Html.escaped(title(of: runtime)))</title></rect>\n"
    }
    return picture("Runtimes since the start of the process", rows: runtimes.count, body)
      + axis(clock(start), clock(end))
  }

  private func title(of runtime: StatusReport.RuntimeLine) -> String {
    "\(runtime.name), \(runtime.library): handled \(runtime.claimed), "
      + "handed on \(runtime.declined)"
  }

  /// The recorded dispatches, each in the lanes of those that were asked.
  func dispatches(_ report: ProcessReport) -> String {
    guard let first = report.events.first, let last = report.events.last else { return "" }
    let end = max(last.timeNs, first.timeNs + 1)
    var body = names.indices.map { label(names[$0], $0) }.joined()
    for event in report.events {
      let x = place(event.timeNs, first.timeNs, end)
      let claimed = event.outcome == "default" ? "nobody" : event.handledBy
      let lanes = event.tried.map(\.runtime) + (claimed == "nobody" ? ["nobody"] : [])
      let rows = lanes.compactMap { names.firstIndex(of: $0) }
      if let low = rows.min(), let high = rows.max(), low < high {
        body +=
          "<line class=\"asked\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(middle(low))\" "
          + "y2=\"\(middle(high))\"/>\n"
      }
      for lane in lanes {
        guard let row = names.firstIndex(of: lane) else { continue }
        let look = lane == "nobody" ? "lost" : lane == claimed ? "c\(row % 8)" : "passed"
        body +=
          "<circle class=\"\(look)\" cx=\"\(x)\" cy=\"\(middle(row))\" r=\"5\">"
          + "<title>\(Html.escaped(title(of: event, lane)))</title></circle>\n"
      }
    }
    return picture("Recorded dispatches", rows: names.count, body)
      + axis(preciseClock(first.timeNs), preciseClock(last.timeNs))
  }

  private func title(of event: EventLine, _ lane: String) -> String {
    let how = event.tried.first { $0.runtime == lane }?.how ?? event.outcome
    return "#\(event.sequence) \(event.code) tid \(event.tid): \(lane) \(how)"
  }

  private func place(_ time: UInt64, _ start: UInt64, _ end: UInt64) -> Int {
    let share = Double(time &- start) / Double(end &- start)
    return Lanes.left + Int(share * Double(Lanes.width - Lanes.left - 12))
  }

  private func middle(_ row: Int) -> Int { row * Lanes.height + 17 }

  private func label(_ name: String, _ row: Int) -> String {
    "<text x=\"0\" y=\"\(middle(row) + 5)\">\(Html.escaped(String(name.prefix(18))))</text>"
      + "<line class=\"base\" x1=\"\(Lanes.left)\" x2=\"\(Lanes.width)\" "
      + "y1=\"\(middle(row))\" y2=\"\(middle(row))\"/>\n"
  }

  private func picture(_ name: String, rows: Int, _ body: String) -> String {
    "<svg viewBox=\"0 0 \(Lanes.width) \(max(1, rows) * Lanes.height)\" role=\"img\" "
      + "aria-label=\"\(name)\">\n\(body)</svg>\n"
  }

  private func axis(_ from: String, _ to: String) -> String {
    "<p class=\"axis\"><span>\(from)</span><span>\(to)</span></p>\n"
  }
}
