/// What `explain SIGNAL` answers: whom the signal is offered to, in which order and why, and what
/// happened the last times.
public struct SignalExplanation: Encodable, Sendable {
  struct LinkLine: Encodable {
    let runtime: String
    let handler: String
    let symbol: String?
    let library: String?
    let handled: UInt64
    let reason: String
  }

  struct RuleLine: Encodable {
    let index: Int
    let file: String
    let line: Int
    let reason: String?
  }

  let schema = "coexist.explain_signal/1"
  let pid: Int
  let takenAt: String
  let signal: String
  let number: Int
  let program: String
  let mode: String
  /// "native", "exact" or "dispatcher".
  let installed: String
  let until: String
  let chain: [LinkLine]
  let rule: RuleLine?
  /// Asked once more when all have declined, for its crash report.
  let lastResort: String?
  let delivered: UInt64
  let unclaimed: UInt64
  /// Events of this signal that the flight recorder holds.
  let recorded: Int
  /// The last of them, newest first.
  let events: [EventLine]

  /// `last`: at most so many events.
  public init(
    _ subject: Subject, signal number: Int, last: Int, symbols: any Symbolizer,
    _ surroundings: Surroundings
  ) {
    let state = subject.state
    let signal = state.signal(number) ?? Signal(number: number)
    let order = Chain(signal, of: state, rules: Rule.load(for: state))
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    self.signal = SignalNames.name(number)
    self.number = number
    program = state.programName
    mode = "\(state.settings.mode)"
    installed = "\(signal.installed)"
    until = order.until
    chain = order.entries.map { LinkLine($0, symbols) }
    rule = order.rule.map {
      RuleLine(
        index: $0.index, file: state.settings.path, line: $0.line,
        reason: $0.reason.isEmpty ? nil : $0.reason)
    }
    lastResort = signal.installed == .dispatcher ? order.lastResort(in: state) : nil
    delivered = signal.delivered
    unclaimed = signal.defaulted
    let recorded = state.events.filter { $0.signal == number }
    self.recorded = recorded.count
    events = recorded.suffix(max(0, last)).reversed()
      .map { EventLine($0, state, symbols) }
  }
}

extension SignalExplanation.LinkLine {
  init(_ entry: Chain.Entry, _ symbols: any Symbolizer) {
    let place = symbols.locate(entry.link.handler)
    runtime = entry.name
    handler = addressText(entry.link.handler)
    symbol = place?.symbol
    library = place?.module
    handled = entry.link.claimed
    reason = entry.reason
  }
}

/// One dispatch as the flight recorder kept it.
struct EventLine: Encodable, Sendable {
  struct TriedLine: Encodable {
    let runtime: String
    let how: String
  }

  let sequence: UInt64
  let at: String
  let tid: Int
  let code: String
  let pc: String
  let pcSymbol: String?
  let pcOwner: String
  let address: String
  let addressOwner: String
  let senderPid: Int?
  let threadOwner: String
  let evidence: String
  let tried: [TriedLine]
  let outcome: String
  let handledBy: String?
  /// nil if it was not timed: of many dispatches one in sixteen is.
  let toHandlerNs: UInt32?
  /// nil if the handler never returned, or it was not timed.
  let totalNs: UInt32?
  let timeNs: UInt64

  enum CodingKeys: CodingKey {
    case sequence, at, tid, code, pc, pcSymbol, pcOwner, address, addressOwner, senderPid
    case threadOwner, evidence, tried, outcome, handledBy, toHandlerNs, totalNs
  }

  init(_ event: Event, _ state: State, _ symbols: any Symbolizer) {
    // Signals that were sent carry the sender's number where faults carry an address.
    let sent = event.code <= 0
    sequence = event.sequence
    at = rfc3339(event.timeNs)
    timeNs = event.timeNs
    tid = event.tid
    code = SignalNames.code(event.code, of: event.signal)
    pc = addressText(event.pc)
    pcSymbol = symbols.locate(event.pc)?.text
    pcOwner = state.name(ofRuntime: event.pcOwner)
    address = addressText(event.address)
    addressOwner = state.name(ofRuntime: event.addressOwner)
    senderPid = sent ? Int(clamping: event.address) : nil
    threadOwner = state.name(ofRuntime: event.threadOwner)
    evidence = "\(event.evidence)"
    tried = event.tried.map {
      TriedLine(runtime: state.name(ofRuntime: $0.runtime), how: $0.how.word)
    }
    outcome = "\(event.outcome)"
    handledBy = event.outcome == .claimed ? state.name(ofRuntime: event.claimedBy) : nil
    toHandlerNs = event.toHandlerNs == 0 ? nil : event.toHandlerNs
    totalNs = event.totalNs == 0 ? nil : event.totalNs
  }
}

extension How {
  /// For JSON.
  var word: String {
    switch self {
    case .calledPrevious: "called_previous"
    case .noProgress: "no_progress"
    default: "\(self)"
    }
  }

  /// For people: what the runtime did.
  static func phrase(_ word: String) -> String {
    switch word {
    case "asked": "was asked, and has not answered or left without returning"
    case "claimed": "handled it"
    case "reset": "declined: put the default action back and returned"
    case "raised": "declined: put the default action back and raised the signal again"
    case "requeued": "declined: queued the original signal to itself again"
    case "called_previous": "declined: called the action before its own"
    case "no_progress": "declined: returned, and the same instruction faulted again"
    case "reported": "wrote its report and handed on"
    default: word
    }
  }
}
