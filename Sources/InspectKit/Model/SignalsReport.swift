/// What `signals` answers.
public struct SignalsReport: Encodable, Sendable {
  struct LinkLine: Encodable {
    let runtime: String
    /// "handler", "ignore" or "default".
    let action: String
    let handler: String
    let symbol: String?
    let library: String?
    let flags: [String]
    let mask: [String]
    let installedAt: String
    let askedFrom: String
    let askedFromSymbol: String?
    let askedFromLibrary: String?
    let handled: UInt64
    let installedNs: UInt64

    enum CodingKeys: CodingKey {
      case runtime, action, handler, symbol, library, flags, mask, installedAt, askedFrom
      case askedFromSymbol, askedFromLibrary, handled
    }
  }

  struct SignalLine: Encodable {
    let number: Int
    let name: String
    /// "handled", "all", or "last-wins" where nothing is chained; nil when nobody has a handler.
    let until: String?
    /// "native", "exact" or "dispatcher".
    let installed: String
    let delivered: UInt64
    let unclaimed: UInt64
    /// In the order in which they are asked; then those that ignore it or ask for the default.
    let chain: [LinkLine]
    let latencyNs: Latency?
  }

  let schema = "coexist.signals/1"
  let pid: Int
  let takenAt: String
  let signals: [SignalLine]
  /// Signals that nobody asked for anything, if they were left out.
  let untouched: Int
  let detailed: Bool

  enum CodingKeys: CodingKey { case schema, pid, takenAt, signals, untouched }

  /// `only`: one signal in detail; `all`: also those that nobody touched.
  public init(
    _ subject: Subject, only: Int?, all: Bool, symbols: any Symbolizer,
    _ surroundings: Surroundings
  ) {
    let rules = Rule.load(for: subject.state)
    pid = subject.state.pid
    takenAt = rfc3339(surroundings.now)
    detailed = only != nil
    let touched = subject.state.signals.filter { !$0.links.isEmpty || $0.delivered > 0 }
    let chosen =
      only.map { number in subject.state.signals.filter { $0.number == number } }
      ?? (all ? subject.state.signals : touched)
    // glibc keeps 32 and 33 for itself; no program can ask for them.
    let possible = subject.state.signals.filter { $0.number != 32 && $0.number != 33 }.count
    untouched = only == nil && !all ? possible - touched.count : 0
    signals = chosen.map { SignalLine($0, subject.state, rules, symbols) }
  }
}

extension SignalsReport.SignalLine {
  init(_ signal: Signal, _ state: State, _ rules: [Rule], _ symbols: any Symbolizer) {
    let chain = Chain(signal, of: state, rules: rules)
    number = signal.number
    name = SignalNames.name(signal.number)
    until = chain.entries.isEmpty ? nil : chain.until
    installed = "\(signal.installed)"
    delivered = signal.delivered
    unclaimed = signal.defaulted
    let passive = signal.links.filter { !$0.isHandler }
    self.chain = (chain.entries.map(\.link) + passive).map {
      SignalsReport.LinkLine($0, state.name(ofRuntime: $0.runtime), symbols)
    }
    latencyNs = Latency(signal.latency)
  }
}

extension SignalsReport.LinkLine {
  init(_ link: Link, _ name: String, _ symbols: any Symbolizer) {
    let handler = link.isHandler ? symbols.locate(link.handler) : nil
    let caller = symbols.locate(link.askedFrom)
    runtime = name
    action = link.isHandler ? "handler" : link.handler == 1 ? "ignore" : "default"
    self.handler = addressText(link.handler)
    symbol = handler?.symbol
    library = handler?.module
    flags = SignalNames.flags(link.flags)
    mask = SignalNames.mask(link.mask)
    installedAt = rfc3339(link.askedNs)
    installedNs = link.askedNs
    askedFrom = addressText(link.askedFrom)
    askedFromSymbol = caller?.text
    askedFromLibrary = caller?.module
    handled = link.claimed
  }
}
