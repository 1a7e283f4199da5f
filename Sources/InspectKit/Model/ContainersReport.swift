/// What `containers` answers.
public struct ContainersReport: Encodable, Sendable {
  struct Line: Encodable {
    let name: String
    let library: String
    let namespace: Int64
    /// "opening", "open", "sealed", "closing" or "stuck".
    let state: String
    /// "namespace" or "scope".
    let isolation: String
    let copies: Bool
    let opened: String
    let threads: UInt32
    let pendingDestructors: UInt32
    let keys: UInt32
    let timers: UInt32
    let why: String?
    let openedNs: UInt64
    let objects: [ContainerObject]

    enum CodingKeys: CodingKey {
      case name, library, namespace, isolation, state, copies, opened, threads
      case pendingDestructors, keys, timers, why
    }
  }

  let schema = "coexist.containers/1"
  let pid: Int
  let takenAt: String
  let containers: [Line]
  let program: String
  let now: UInt64

  enum CodingKeys: CodingKey { case schema, pid, takenAt, containers }

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    pid = subject.state.pid
    takenAt = rfc3339(surroundings.now)
    now = surroundings.now
    program = subject.state.programName
    containers = subject.state.containers.map {
      Line(
        name: $0.name, library: $0.library, namespace: $0.namespace, state: "\($0.phase)",
        isolation: $0.isScope ? "scope" : "namespace", copies: $0.copies,
        opened: rfc3339($0.openedNs), threads: $0.threads,
        pendingDestructors: $0.destructors, keys: $0.keys, timers: $0.timers,
        why: $0.why.isEmpty ? nil : $0.why, openedNs: $0.openedNs, objects: $0.objects)
    }
  }

  /// gdb (13 and later) follows the loader's list of namespaces, but sees of a copy in memory only
  /// the number of a file that is closed.
  public var gdbCommands: String {
    var lines = ["# coexist-inspect containers --gdb: \(program) (\(pid))"]
    for line in containers {
      lines.append("# container \"\(line.name)\", \(line.isolation) \(line.namespace)")
      lines += line.objects.map { object in
        let path = printable(object.path)
        return object.isCopy
          ? "add-symbol-file \"\(path)\" -o \(addressText(object.low))"
          : "#   \(path) at \(addressText(object.low))"
      }
    }
    return lines.joined(separator: "\n")
  }

  /// perf knows a copy in memory by the build ID of its file, where that was recorded.
  public var perfCommands: String {
    var files: [String] = []
    for object in containers.flatMap(\.objects)
    where object.isCopy && !files.contains(object.path) { files.append(object.path) }
    let lines = [
      "# coexist-inspect containers --perf: \(program) (\(pid)); for perf record --buildid-mmap"
    ]
    return (lines + files.map { "perf buildid-cache --add \(shellQuoted(printable($0)))" })
      .joined(separator: "\n")
  }

  public func render(_ style: Style) -> String {
    if containers.isEmpty { return "\(program) (\(pid)) has no container." }
    var table = TextTable([
      .init(title: "NAME"), .init(title: "NAMESPACE", alignment: .right), .init(title: "STATE"),
      .init(title: "THREADS", alignment: .right), .init(title: "KEYS", alignment: .right),
      .init(title: "TIMERS", alignment: .right), .init(title: "OPENED"),
      .init(title: "LIBRARY", shrinks: true),
    ])
    for line in containers {
      table.add(
        [
          line.name, line.isolation == "scope" ? "scope" : "\(line.namespace)", line.state,
          "\(line.threads)", "\(line.keys)",
          "\(line.timers)", ago(line.openedNs, now: now, short: true), line.library,
        ], look: line.state == "stuck" ? .yellow : nil)
    }
    let refused = containers.compactMap { line in
      line.why.map { "\(line.name) could not be closed: \($0)" }
    }
    return (table.render(style) + (refused.isEmpty ? [] : [""] + refused)).joined(separator: "\n")
  }
}
