/// The order in which runtimes are asked about a signal when no evidence points at one of them:
/// the configuration's rule, then who can say "not mine" without a trace, then, last installed
/// first, who reports or aborts.
struct Chain {
  struct Entry {
    let link: Link
    let name: String
    /// Why it stands here: a phrase.
    let reason: String
  }

  let entries: [Entry]
  let rule: Rule?

  init(_ signal: Signal, of state: State, rules: [Rule]) {
    let rule = rules.rule(for: signal.number)
    let ranked = signal.links.filter(\.isHandler).map { link in
      (link, Chain.place(of: link, in: state, rule))
    }
    let sorted = ranked.sorted {
      ($0.1.rank, UInt32.max - $0.0.sequence) < ($1.1.rank, UInt32.max - $1.0.sequence)
    }
    entries = sorted.map {
      Entry(link: $0.0, name: state.name(ofRuntime: $0.0.runtime), reason: $0.1.reason)
    }
    self.rule = rule
  }

  private static func place(
    of link: Link, in state: State, _ rule: Rule?
  ) -> (rank: Int, reason: String) {
    let name = state.name(ofRuntime: link.runtime)
    if let rule, let position = rule.order.firstIndex(of: name) {
      return (position, "place \(position + 1) by rule \(rule.index)")
    }
    let runtime = state.runtimes.first { $0.number == link.runtime }
    guard let known = KnownRuntime.at(runtime?.catalogue) else {
      return (104, "not known to the catalogue: may report or abort, so after the silent ones")
    }
    switch known.claims {
    case .precisely: return (101, "decides by its own tables and hands on without a trace")
    case .ownCode: return (102, "claims only at its own instructions or addresses")
    case .greedily: return (103, "claims any fault on its threads, so after the precise ones")
    case .unknown: return (104, "may report or abort, so after the silent ones")
    case .never: return (104, "only reports a crash, so after those that can claim")
    }
  }
}
