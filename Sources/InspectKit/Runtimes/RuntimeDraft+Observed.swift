/// What a process that ran the library has shown of it.
extension RuntimeDraft {
  /// A runtime declines by handing on; that is what the recorder has seen, or it has seen nothing.
  private static let handedOn: Set<How> = [.reset, .raised, .requeued, .calledPrevious]

  mutating func observe(_ state: State, _ library: String) {
    guard let runtime = state.runtimes.first(where: { $0.number > 1 && isIt($0, library) }) else {
      remark("signals", "\(state.programName) (\(state.pid)) has no runtime of this library.")
      return
    }
    let links = state.signals.compactMap { signal in
      signal.links.first { $0.runtime == runtime.number && $0.isHandler }.map { (signal, $0) }
    }
    handlers(links, state)
    chain(runtime, state)
    let made = state.threadLines.count { $0.creator == runtime.number }
    if made > 0 { remark("steady_threads", "It had made \(plural(made, "thread")).") }
  }

  private func isIt(_ runtime: Runtime, _ library: String) -> Bool {
    runtime.library == library || runtime.library == printable(file)
  }

  private mutating func handlers(_ links: [(signal: Signal, link: Link)], _ state: State) {
    guard !links.isEmpty else { return remark("signals", "It had no handler.") }
    let numbers = links.map(\.signal.number)
    let names = Set(numbers.map(SignalNames.name)).union(facts.signals)
    let all = (1...64).map(SignalNames.name).filter(names.contains)
    let own = links.map(\.signal).filter { isPrivate($0, state) }.map(\.number)
      .map(SignalNames.name)
    let stacks = links.map { $0.link.flags & 0x0800_0000 != 0 }
    change {
      $0.signals = all
      $0.privateSignals = own
      $0.stack =
        stacks.allSatisfy { $0 } ? "alternate" : stacks.contains(true) ? "mixed" : "interrupted"
    }
    let seen = numbers.map(SignalNames.name).joined(separator: ", ")
    remark("signals", "Seen: handlers for \(seen).")
    if !own.isEmpty { remark("private_signals", "Sent by the process itself to its threads.") }
  }

  /// Its threads send it to one another (SI_TKILL), and nobody else has a handler for it.
  private func isPrivate(_ signal: Signal, _ state: State) -> Bool {
    signal.links.count(where: \.isHandler) == 1 && !SignalNames.faults.contains(signal.number)
      && state.events.contains {
        $0.signal == signal.number && $0.code == -6 && $0.address == UInt64(state.pid)
      }
  }

  private mutating func chain(_ runtime: Runtime, _ state: State) {
    let faults = state.events.filter { SignalNames.faults.contains($0.signal) }
    let claimed = faults.filter { $0.outcome == .claimed && $0.claimedBy == runtime.number }
    let answers = faults.flatMap(\.tried).filter { $0.runtime == runtime.number }.map(\.how)
    let silent = answers.contains { RuntimeDraft.handedOn.contains($0) }
    let reported = answers.contains(.reported)
    let elsewhere = claimed.contains { $0.pcOwner != runtime.number }
    let claims: String? =
      silent && !claimed.isEmpty
      ? "precisely"
      : elsewhere ? "greedily" : !claimed.isEmpty ? "own-code" : reported ? "never" : nil
    change {
      if let claims { $0.claims = claims }
      if reported { $0.passes = "reported" }
    }
    guard !claimed.isEmpty || !answers.isEmpty else { return }
    let whose = elsewhere ? ", also elsewhere than in its own code" : ""
    remark("claims", "Seen: \(plural(claimed.count, "fault")) of its own\(whose).")
    let handed = answers.count { RuntimeDraft.handedOn.contains($0) }
    if handed > 0 { remark("passes", "Seen: \(plural(handed, "fault")) handed on.") }
  }
}
