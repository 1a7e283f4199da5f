/// What `status` answers.
public struct StatusReport: Encodable, Sendable {
  struct Config: Encodable {
    let path: String?
    let keys: Int
    let problems: Int
    let options: String?
  }

  struct RuntimeLine: Encodable {
    let name: String
    let title: String?
    let library: String
    let base: String
    let since: String
    let claimed: UInt64
    let declined: UInt64
    let sinceNs: UInt64

    enum CodingKeys: CodingKey { case name, title, library, base, since, claimed, declined }
  }

  struct Counts: Encodable {
    let chained: Int
    let delivered: UInt64
    let unclaimed: UInt64
  }

  struct WarningLine: Encodable {
    let code: String
    let text: String
    let at: String
    let atNs: UInt64

    enum CodingKeys: CodingKey { case code, text, at }
  }

  /// "coexisting", "observing", "degraded", "off"; of ended processes what they were.
  public enum Condition: String, Encodable, Sendable { case coexisting, observing, degraded, off }

  let schema = "coexist.status/1"
  let pid: Int
  let takenAt: String
  let life: String
  public let condition: Condition
  let program: String
  let command: [String]
  let since: String
  let libraryVersion: String
  let stateVersion: Int
  let stateFile: String
  let mode: String
  let config: Config
  let runtimes: [RuntimeLine]
  let signals: Counts
  let threads: UInt64
  /// Of them by the name of who made them, as far as the state has lines for them.
  let threadsBy: [String: Int]
  let regions: Int
  let contexts: UInt64
  /// Their names.
  let containers: [String]
  let warnings: [WarningLine]
  let damage: [String]
  let moment: Moment

  /// Only for the text.
  struct Moment {
    let name: String
    let started: UInt64
    let now: UInt64
  }

  enum CodingKeys: CodingKey {
    case schema, pid, takenAt, life, condition, program, command, since, libraryVersion
    case stateVersion, stateFile, mode, config, runtimes, signals, threads, threadsBy, regions,
      contexts
    case containers, warnings, damage
  }

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    let state = subject.state
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    life = subject.life.rawValue
    condition = Condition(state)
    program = state.program
    command =
      (subject.life == .running ? Proc.commandLine(state.pid) : nil) ?? [state.program]
    since = rfc3339(state.startedNs)
    libraryVersion = state.libraryVersion
    stateVersion = state.version
    stateFile = printable(subject.path)
    mode = "\(state.settings.mode)"
    let settings = state.settings
    config = Config(
      path: settings.path.isEmpty ? nil : settings.path, keys: settings.keys,
      problems: settings.problems, options: settings.options.isEmpty ? nil : settings.options)
    let known = KnownRuntime.all(for: state)
    runtimes = state.guests.map { RuntimeLine($0, known) }
    signals = Counts(
      chained: state.signals.count { $0.installed == .dispatcher },
      delivered: state.signals.reduce(0) { $0 &+ $1.delivered },
      unclaimed: state.signals.reduce(0) { $0 &+ $1.defaulted })
    threads = state.threads
    threadsBy = state.threadLines.reduce(into: [:]) {
      $0[state.name(ofRuntime: $1.creator), default: 0] += 1
    }
    regions = state.regions.count
    contexts = state.threadLocal.contexts
    containers = state.containers.map(\.name)
    warnings = state.warnings.map {
      WarningLine(code: $0.code, text: $0.text, at: rfc3339($0.timeNs), atNs: $0.timeNs)
    }
    damage = state.damage
    moment = Moment(name: state.programName, started: state.startedNs, now: surroundings.now)
  }
}

extension StatusReport.RuntimeLine {
  init(_ runtime: Runtime, _ known: [KnownRuntime]) {
    name = runtime.name
    title = runtime.traits.flatMap { _ in known.first { $0.name == runtime.kind }?.title }
    library = runtime.library
    base = addressText(runtime.base)
    since = rfc3339(runtime.sinceNs)
    claimed = runtime.claimed
    declined = runtime.declined
    sinceNs = runtime.sinceNs
  }
}

extension StatusReport.Condition {
  /// Warnings after which something stays off: at the start, or when a table is full.
  static let lasting: Set<String> = [
    "W203", "W204", "W205", "L010", "L011", "L012", "L020",
  ]

  init(_ state: State) {
    switch state.settings.mode {
    case .off: self = .off
    case .observe: self = .observing
    case .enforce:
      let lost =
        state.settings.problems > 0
        || state.warnings.contains { StatusReport.Condition.lasting.contains($0.code) }
      self = lost ? .degraded : .coexisting
    }
  }
}
