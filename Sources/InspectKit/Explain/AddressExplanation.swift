/// What `explain 0xADDR` answers: module, symbol, region and the runtime that owns the address.
public struct AddressExplanation: Encodable, Sendable {
  struct RegionLine: Encodable {
    let low: String
    let high: String
    let runtime: String
    /// "code" or "data".
    let kind: String
  }

  let schema = "coexist.explain_address/1"
  let pid: Int
  let takenAt: String
  let address: String
  let module: String?
  let path: String?
  let base: String?
  let symbol: String?
  let region: RegionLine?
  /// "the stack of thread 4711", "the alternate stack of thread 4711", "the stack of context 3".
  let stack: String?
  let container: String?
  let owner: String?
  /// Why that runtime is the owner: a phrase.
  let because: String
  let handlerOf: [String]
  let program: String

  enum CodingKeys: CodingKey {
    case schema, pid, takenAt, address, module, path, base, symbol, region, stack, container
    case owner, because, handlerOf
  }

  /// Throws T114 if nothing is known of the address.
  public init(
    _ subject: Subject, address value: UInt64, symbols: any Symbolizer,
    _ surroundings: Surroundings
  ) throws(Failure) {
    let state = subject.state
    let place = symbols.locate(value)
    let region = state.regions.first { $0.low <= value && value < $0.high }
    let stack = state.stack(holding: value)
    guard place != nil || region != nil || stack != nil else { throw .noMapping(value) }
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    program = state.programName
    address = addressText(value)
    module = place?.module
    path = place?.path
    base = place.map { addressText($0.base) }
    symbol = place.flatMap { $0.symbol == nil ? nil : $0.text }
    self.region = region.map {
      RegionLine(
        low: addressText($0.low), high: addressText($0.high),
        runtime: state.name(ofRuntime: $0.runtime), kind: "\($0.kind)")
    }
    self.stack = stack?.name
    container = state.container(at: value)?.name
    let owners = Owners(state)
    let found = owners.owner(of: value, at: place) ?? stack.map { ($0.runtime, $0.because) }
    owner = found.map { owners.name($0.runtime) }
    because = found?.because ?? "nothing is known"
    handlerOf = state.signals.flatMap { signal in
      signal.links.filter { $0.isHandler && $0.handler == value }
        .map { "\(SignalNames.name(signal.number)) (\(state.name(ofRuntime: $0.runtime)))" }
    }
  }
}

extension AddressExplanation {
  public func render(_ style: Style) -> String {
    var lines = ["\(style(.bold, address)) in \(program) (\(pid))"]
    func row(_ label: String, _ value: String?) {
      guard let value else { return }
      lines.append(
        "  " + style(.dim, label) + String(repeating: " ", count: 9 - label.count) + value)
    }
    row("Module", path.map { "\($0), mapped at \(base ?? "?")" })
    row("Symbol", symbol)
    row("Region", region.map { "\($0.low)–\($0.high) \($0.kind) of \($0.runtime)" })
    row("Stack", stack)
    row("Inside", container.map { "the container \"\($0)\"" })
    row("Owner", (owner ?? "nobody") + ": " + because)
    row("Handles", handlerOf.isEmpty ? nil : handlerOf.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}
