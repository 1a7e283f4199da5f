/// What `metrics` answers: counters and gauges of processes in the OpenMetrics 1.0 text format
/// (https://prometheus.io/docs/specs/om/open_metrics_spec/).
public struct MetricsReport: Sendable {
  private enum Kind: String { case counter, gauge, info, histogram }

  private var lines: [String] = []
  private let states: [State]

  public init(_ subjects: [Subject]) {
    states = subjects.map(\.state)
    family("coexist_process", .info, "A process under libcoexist.") { state in
      let labels = [("mode", "\(state.settings.mode)"), ("version", state.libraryVersion)]
      return [("_info", labels, "1")]
    }
    gauge("coexist_start_time_seconds", "When the process began.", unit: "seconds") {
      seconds($0.startedNs)
    }
    gauge("coexist_threads", "Living threads that have a record.") { "\($0.threads)" }
    gauge("coexist_regions", "Regions of generated code or guarded memory.") {
      "\($0.regions.count)"
    }
    addSignals()
    addRuntimes()
    addOthers()
  }

  /// Ends as the format demands.
  public func render() -> String { (lines + ["# EOF"]).joined(separator: "\n") }

  private mutating func addSignals() {
    func touched(_ state: State) -> [Signal] {
      state.signals.filter { !$0.links.isEmpty || $0.delivered > 0 }
    }
    func label(_ signal: Signal) -> (String, String) {
      ("signal", SignalNames.name(signal.number))
    }
    family("coexist_signals_delivered", .counter, "Signals that entered a chain.") { state in
      touched(state).map { ("_total", [label($0)], "\($0.delivered)") }
    }
    family("coexist_signals_unclaimed", .counter, "Signals that no runtime claimed.") { state in
      touched(state).map { ("_total", [label($0)], "\($0.defaulted)") }
    }
    family("coexist_signals_handled", .counter, "Signals that a runtime claimed.") { state in
      touched(state).flatMap { signal in
        signal.links.filter(\.isHandler).map { link in
          let runtime = ("runtime", state.name(ofRuntime: link.runtime))
          return ("_total", [label(signal), runtime], "\(link.claimed)")
        }
      }
    }
    family(
      "coexist_dispatch_seconds", .histogram,
      "Time from a signal to its first handler, of those that were timed.", unit: "seconds"
    ) { state in
      touched(state).filter { $0.latency.contains { $0 > 0 } }.flatMap { signal in
        buckets(signal).map { ("_bucket", [label(signal), ("le", $0)], "\($1)") }
      }
    }
  }

  private mutating func addRuntimes() {
    func label(_ runtime: Runtime) -> [(String, String)] { [("runtime", runtime.name)] }
    family("coexist_runtime_handled", .counter, "Signals that the runtime handled.") { state in
      state.guests.map { ("_total", label($0), "\($0.claimed)") }
    }
    family("coexist_runtime_handed_on", .counter, "Signals that it was asked about and handed on.")
    { state in state.guests.map { ("_total", label($0), "\($0.declined)") } }
    family("coexist_collections", .counter, "Collections that were shown what others hold.") {
      state in
      state.collectors.filter { !$0.isCaller }.map {
        ("_total", [("runtime", state.name(ofRuntime: $0.runtime))], "\($0.collections)")
      }
    }
  }

  private mutating func addOthers() {
    family("coexist_warnings", .counter, "Warnings that are remembered, by their code.") { state in
      let counts = Dictionary(grouping: state.warnings, by: \.code).mapValues(\.count)
      return counts.sorted { $0.key < $1.key }.map { ("_total", [("code", $0)], "\($1)") }
    }
    gauge("coexist_contexts", "Living contexts of thread-local state.") {
      "\($0.threadLocal.contexts)"
    }
    gauge("coexist_containers", "Containers that are there.") { "\($0.containers.count)" }
    family("coexist_container_threads", .gauge, "Living threads that began in a container.") {
      $0.containers.map {
        ("", [("container", $0.name), ("namespace", "\($0.namespace)")], "\($0.threads)")
      }
    }
  }

  private typealias Sample = (suffix: String, labels: [(String, String)], value: String)

  private mutating func gauge(
    _ name: String, _ help: String, unit: String? = nil, _ value: (State) -> String
  ) {
    family(name, .gauge, help, unit: unit) { [("", [], value($0))] }
  }

  /// A family without samples is left out.
  private mutating func family(
    _ name: String, _ kind: Kind, _ help: String, unit: String? = nil,
    _ samples: (State) -> [Sample]
  ) {
    let body = states.flatMap { state in
      let own = [("pid", "\(state.pid)"), ("program", state.programName)]
      return samples(state).map { sample in
        let labels = (own + sample.labels).map { "\($0)=\"\(escaped($1))\"" }
        return "\(name)\(sample.suffix){\(labels.joined(separator: ","))} \(sample.value)"
      }
    }
    guard !body.isEmpty else { return }
    lines.append("# TYPE \(name) \(kind.rawValue)")
    if let unit { lines.append("# UNIT \(name) \(unit)") }
    lines += ["# HELP \(name) \(help)"] + body
  }
}

/// Upper bounds in seconds and how many events were at most so long. Bucket b of the state ends
/// below 2^(b+1) ns; the last has no end.
private func buckets(_ signal: Signal) -> [(String, UInt64)] {
  var sum: UInt64 = 0
  return signal.latency.enumerated().map { index, count in
    sum += UInt64(count)
    let isLast = index + 1 == signal.latency.count
    return (isLast ? "+Inf" : seconds(1 << UInt64(index + 1)), sum)
  }
}

/// Nanoseconds as seconds, exactly.
private func seconds(_ ns: UInt64) -> String {
  let rest = String(ns % 1_000_000_000)
  let digits = String(repeating: "0", count: 9 - rest.count) + rest
  let short = String(digits.reversed().drop { $0 == "0" }.reversed())
  return "\(ns / 1_000_000_000).\(short.isEmpty ? "0" : short)"
}

private func escaped(_ text: String) -> String {
  text.reduce(into: "") { result, letter in
    if letter == "\\" || letter == "\"" { result.append("\\") }
    result.append(letter)
  }
}
