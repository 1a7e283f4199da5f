extension TraceReport {
  /// Threads with the same frames are shown once.
  public func render(_ style: Style) -> String {
    var groups: [[ThreadStack]] = []
    var places: [[String]: Int] = [:]
    for thread in threads {
      let key = thread.frames.map(\.pc)
      if let place = places[key] {
        groups[place].append(thread)
      } else {
        places[key] = groups.count
        groups.append([thread])
      }
    }
    var blocks = groups.map { group in
      ([heading(group, style)] + group[0].lines(style)).joined(separator: "\n")
    }
    if !missed.isEmpty {
      let some = missed.prefix(8).map(String.init).joined(separator: " ")
      blocks.append(
        style(.yellow, "\(plural(missed.count, "thread")) did not stop: ") + some
          + (missed.count > 8 ? " …" : ""))
    }
    return blocks.joined(separator: "\n\n")
  }

  private func heading(_ group: [ThreadStack], _ style: Style) -> String {
    let first = group[0]
    let made = first.madeBy.map { ", made by \($0)" } ?? ""
    let name = first.name.isEmpty ? "" : " \(first.name)"
    guard group.count > 1 else { return style(.bold, "\(first.tid)\(name)") + made }
    let rest = group.dropFirst().prefix(8).map { "\($0.tid)" }.joined(separator: " ")
    return style(.bold, "\(first.tid)\(name)") + made + ", and \(group.count - 1) more: \(rest)"
      + (group.count > 9 ? " …" : "")
  }
}

extension TraceReport.ThreadStack {
  fileprivate func lines(_ style: Style) -> [String] {
    var table = TextTable([
      .init(title: ""), .init(title: ""), .init(title: ""), .init(title: "", shrinks: true),
      .init(title: "", shrinks: true),
    ])
    for (index, frame) in frames.enumerated() {
      table.add([
        "#\(index)", frame.pc, (frame.kind == .guessed ? "~" : "") + frame.owner, frame.title,
        frame.place,
      ])
    }
    var plain = style
    plain.legend = false
    var result: [String] = []
    for (index, row) in table.render(plain).enumerated() {
      // What a signal interrupted stands below its handler.
      if frames[index].kind == .interrupted { result.append(style(.yellow, "    ── signal ──")) }
      result.append(row)
      if let border = borders.first(where: { $0.inner == index }) {
        result.append(
          style(.cyan, "    ── border: \(border.caller) calls \(border.callee) ──"))
      }
    }
    if !whole { result.append(style(.dim, "    the stack goes on, but cannot be followed")) }
    if frames.contains(where: { $0.kind == .guessed }) {
      result.append(style(.dim, "    ~ found by looking for a return address: may be a stale one"))
    }
    return result
  }
}

extension TraceReport.Frame {
  /// The symbol, or where in its module the frame is.
  var title: String {
    symbol ?? module.map { "\($0)+\(addressText(offset))" } ?? "generated code"
  }

  fileprivate var place: String {
    let inside = container.map { " in \($0)" } ?? ""
    if let file, let line {
      return "\(file.split(separator: "/").last.map(String.init) ?? file):\(line)" + inside
    }
    return (module ?? "–") + inside
  }
}

// Flame graphs: https://github.com/brendangregg/FlameGraph (collapsed) and speedscope's own format.
extension TraceReport {
  /// One line for each different stack, outermost frame first, and how many threads are in it.
  public func collapsed() -> String {
    var counts: [String: Int] = [:]
    for thread in threads {
      let frames = thread.frames.reversed().map { $0.flameTitle }
      counts[([program] + frames).joined(separator: ";"), default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      .joined(separator: "\n")
  }

  public func speedscope() -> String {
    var frames: [Speedscope.Frame] = []
    var places: [Speedscope.Frame: Int] = [:]
    let samples = threads.map { thread in
      thread.frames.reversed().map { frame in
        let entry = Speedscope.Frame(name: frame.flameTitle, file: frame.file, line: frame.line)
        if let place = places[entry] { return place }
        places[entry] = frames.count
        frames.append(entry)
        return frames.count - 1
      }
    }
    let profile = Speedscope.Profile(
      name: "\(program) (\(pid)), \(plural(threads.count, "thread"))", endValue: threads.count,
      samples: samples, weights: threads.map { _ in 1 })
    return exactJSON(Speedscope(shared: .init(frames: frames), profiles: [profile]))
  }
}

extension TraceReport.Frame {
  /// With the owner, which gives each runtime its own colour; `;` separates frames.
  fileprivate var flameTitle: String {
    String(title.map { $0 == ";" ? "," : $0 }) + " [\(owner)]"
  }
}

/// The file format of https://www.speedscope.app, one sampled profile: a thread is a sample.
struct Speedscope: Encodable {
  struct Frame: Encodable, Hashable {
    let name: String
    let file: String?
    let line: Int?
  }

  struct Shared: Encodable { let frames: [Frame] }

  struct Profile: Encodable {
    let type = "sampled"
    let name: String
    let unit = "none"
    let startValue = 0
    let endValue: Int
    let samples: [[Int]]
    let weights: [Int]
  }

  let schema = "https://www.speedscope.app/file-format-schema.json"
  let exporter = "coexist-inspect@" + toolVersion
  let shared: Shared
  let profiles: [Profile]

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case exporter, shared, profiles
  }
}
