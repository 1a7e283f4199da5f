/// The order in which runtimes are asked about a signal when no evidence points at one of them, as
/// the library's Chain and Order have it: the configuration's rule; who decides by its own tables;
/// who claims only its own code; then, last installed first, who reports or aborts.
struct Chain {
  struct Entry {
    let link: Link
    let name: String
    /// Why it stands here: a phrase.
    let reason: String
  }

  let entries: [Entry]
  let rule: Rule?
  /// The kernel calls the first entry and no other: libc's behaviour, where nothing is chained.
  let onlyFirst: Bool

  init(_ signal: Signal, of state: State, rules: [Rule]) {
    onlyFirst = signal.installed == .native
    rule = onlyFirst ? nil : rules.rule(for: signal.number)
    let handlers = signal.links.filter(\.isHandler)
    entries =
      onlyFirst ? Chain.native(handlers, state) : Chain.asked(handlers, state, rule)
  }

  /// What was asked for earlier is remembered, and gone from the kernel.
  private static func native(_ handlers: [Link], _ state: State) -> [Entry] {
    handlers.sorted { $0.sequence > $1.sequence }.enumerated().map { index, link in
      Entry(
        link: link, name: state.name(ofRuntime: link.runtime),
        reason: index == 0 ? "asked last" : "asked before, and was replaced")
    }
  }

  private static func asked(_ handlers: [Link], _ state: State, _ rule: Rule?) -> [Entry] {
    let ranked = handlers.map { link in (link: link, place: place(of: link, in: state, rule)) }
    let sorted = ranked.sorted { first, second in
      if first.place.rank != second.place.rank { return first.place.rank < second.place.rank }
      return first.link.sequence > second.link.sequence
    }
    return sorted.map {
      Entry(
        link: $0.link, name: state.name(ofRuntime: $0.link.runtime), reason: $0.place.reason)
    }
  }

  /// The runtime that is asked once more when all have declined: the one installed first, if it
  /// makes its crash report when only SIG_DFL is below it.
  func lastResort(in state: State) -> String? {
    guard !onlyFirst, let first = entries.min(by: { $0.link.sequence < $1.link.sequence }),
      Chain.known(first.link, state)?.bottomAborts == true
    else { return nil }
    return first.name
  }

  /// "handled", "all" or "last-wins".
  var until: String {
    onlyFirst && entries.count > 1 ? "last-wins" : rule?.untilAll == true ? "all" : "handled"
  }

  private static func place(
    of link: Link, in state: State, _ rule: Rule?
  ) -> (rank: Int, reason: String) {
    let name = state.name(ofRuntime: link.runtime)
    if let rule, let position = rule.order.firstIndex(of: name) {
      return (position, "place \(position + 1) by rule \(rule.index)")
    }
    guard let known = Chain.known(link, state) else {
      return (103, "not known to the catalogue: may report or abort, so after the silent ones")
    }
    let silent = known.passes == .on
    switch known.claims {
    case .precisely where silent:
      return (101, "decides by its own tables and hands on without a trace")
    case .ownCode where silent:
      return (102, "asked only when the instruction or address is its own")
    case .never: return (103, "only reports a crash, so after those that can claim")
    case .greedily: return (103, "claims any fault on its threads, so after the precise ones")
    default: return (103, "may report or abort, so after the silent ones")
    }
  }

  private static func known(_ link: Link, _ state: State) -> RuntimeTraits? {
    state.runtimes.first { $0.number == link.runtime }?.traits
  }
}
