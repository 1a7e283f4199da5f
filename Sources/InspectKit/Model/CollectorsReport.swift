/// What `collectors` answers: what each collector was shown besides what it knows itself.
public struct CollectorsReport: Encodable, Sendable {
  struct Line: Encodable {
    let name: String
    let library: String
    let collections: UInt64
    let alone: UInt64
    let threadsAsked: UInt64
    let threadsSilent: UInt64
    let threadsKnown: Int
    let contexts: UInt64
    let segments: UInt64
  }

  let schema = "coexist.collectors/1"
  let pid: Int
  let takenAt: String
  let collectors: [Line]
  let program: String

  enum CodingKeys: CodingKey { case schema, pid, takenAt, collectors }

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    let state = subject.state
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    program = state.programName
    collectors = state.collectors.map { collector in
      Line(
        name: collector.isCaller ? "coexist_roots_each" : state.name(ofRuntime: collector.runtime),
        library: collector.isCaller
          ? "" : state.runtimes.first { $0.number == collector.runtime }?.library ?? "",
        collections: collector.collections, alone: collector.alone, threadsAsked: collector.asked,
        threadsSilent: collector.silent,
        threadsKnown: state.threadLines.count { $0.collectors.contains(collector.line) },
        contexts: collector.contexts, segments: collector.segments)
    }
  }

  public func render(_ style: Style) -> String {
    if collectors.isEmpty {
      return "\(program) (\(pid)) has no collector that is shown what others hold."
    }
    var table = TextTable([
      .init(title: "COLLECTOR"), .init(title: "LIBRARY", shrinks: true),
      .init(title: "COLLECTIONS", alignment: .right), .init(title: "ALONE", alignment: .right),
      .init(title: "KNOWS", alignment: .right), .init(title: "STOPPED", alignment: .right),
      .init(title: "SILENT", alignment: .right), .init(title: "CONTEXTS", alignment: .right),
      .init(title: "SEGMENTS", alignment: .right),
    ])
    for each in collectors {
      table.add([
        each.name, each.library.isEmpty ? "–" : each.library, grouped(each.collections),
        grouped(each.alone), "\(each.threadsKnown)", grouped(each.threadsAsked),
        grouped(each.threadsSilent), grouped(each.contexts), grouped(each.segments),
      ])
    }
    return table.render(style).joined(separator: "\n")
  }
}
