/// What `list` answers.
public struct ListReport: Encodable, Sendable {
  struct Process: Encodable {
    let pid: Int
    let program: String
    let runtimes: [String]
    let mode: String
    let life: String
    let threads: UInt64
    let since: String
    let warnings: Int
    let stateFile: String
    let sinceNs: UInt64

    enum CodingKeys: CodingKey {
      case pid, program, runtimes, mode, life, threads, since, warnings, stateFile
    }
  }

  let schema = "coexist.list/1"
  let takenAt: String
  let processes: [Process]
  let errors: [ErrorReport]
  /// Processes that ended and are left out.
  let unread: Int
  let now: UInt64

  enum CodingKeys: CodingKey { case schema, takenAt, processes, errors, unread }

  public init(_ listing: Listing, _ surroundings: Surroundings) throws(Failure) {
    if listing.subjects.isEmpty {
      throw listing.failures.first ?? .nothingFound(user: surroundings.user)
    }
    takenAt = rfc3339(surroundings.now)
    now = surroundings.now
    unread = listing.unread
    errors = listing.failures.map(ErrorReport.init)
    processes = listing.subjects.map { subject in
      let state = subject.state
      return Process(
        pid: state.pid, program: state.programName, runtimes: state.guests.map(\.name),
        mode: "\(state.settings.mode)", life: subject.life.rawValue, threads: state.threads,
        since: rfc3339(state.startedNs), warnings: state.warnings.count,
        stateFile: printable(subject.path), sinceNs: state.startedNs)
    }
  }

  public func render(_ style: Style) -> String {
    let lines = table(processes).render(style)
    let more = unread > 0 ? [style(.dim, "\(unread) more ended and left their state (--all)")] : []
    return (lines + more).joined(separator: "\n")
  }

  private func table(_ processes: [Process]) -> TextTable {
    var table = TextTable([
      .init(title: "PID", alignment: .right), .init(title: "PROGRAM"),
      .init(title: "RUNTIMES", shrinks: true), .init(title: "MODE"),
      .init(title: "THREADS", alignment: .right), .init(title: "SINCE"),
      .init(title: "WARN", alignment: .right),
    ])
    for process in processes {
      let ended = process.life != "running"
      table.add(
        [
          "\(process.pid)", process.program,
          process.runtimes.isEmpty ? "–" : process.runtimes.joined(separator: ", "),
          ended ? "ended" : process.mode, ended ? "–" : "\(process.threads)",
          ago(process.sinceNs, now: now, short: true), "\(process.warnings)",
        ], look: ended ? .dim : process.warnings > 0 ? .yellow : nil)
    }
    return table
  }
}

extension State {
  /// The runtimes that are somebody: not the system's libraries, not the program itself.
  var guests: [Runtime] { runtimes.filter { $0.number >= 2 } }
}
