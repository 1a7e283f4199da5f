@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// What DESIGN §5 says of sigaction, in the simplest words: every party has its own table, and the
/// kernel holds what follows from all of them.
struct SigactionModel {
  /// SIGKILL, SIGSTOP and libc's own two.
  static let refused: Set<Int32> = [9, 19, 32, 33]
  /// 0 = the app; library callers are app until they first ask for a handler.
  typealias Party = Int

  var inherited: [Int32: Action]
  var parties: Set<Party> = [0]
  var requests: [Int32: [(party: Party, action: Action)]] = [:]  // oldest first
  var kernel: [Int32: Action]

  init(inherited: [Int32: Action]) {
    self.inherited = inherited
    self.kernel = inherited
  }

  static let dispatcher = Action(
    handler: coexist_entry_address(), flags: 0x5800_0004, mask: SignalMask.dispatcher
  ).kept

  func party(_ caller: Int) -> Party { parties.contains(caller) ? caller : 0 }

  func own(_ signal: Int32, _ party: Party) -> Action {
    requests[signal]?.last { $0.party == party }?.action ?? inherited[signal]!
  }

  mutating func call(_ signal: Int32, _ new: Action?, _ caller: Int) -> (
    result: Int32, old: Action?
  ) {
    guard (1...64).contains(signal), ![32, 33].contains(signal) else { return (-1, nil) }
    // The kernel tells of SIGKILL and SIGSTOP, and lets nobody change them.
    if Self.refused.contains(signal) { return new == nil ? (0, kernel[signal]) : (-1, nil) }
    if let new, new.handler > 1 { parties.insert(caller) }
    let party = party(caller)
    let old = own(signal, party)
    if let new {
      requests[signal, default: []].removeAll { $0.party == party }
      requests[signal]!.append((party, new.kept))
      kernel[signal] = installed(signal)
    }
    return (0, old)
  }

  func installed(_ signal: Int32) -> Action {
    let asked = requests[signal] ?? []
    let handlers = asked.filter { $0.action.handler > 1 }
    // What one ignores and another handles is told apart by us; faults are not ignored.
    let isFault = [4, 5, 6, 7, 8, 11].contains(signal)
    let isIgnored = !isFault && asked.contains { $0.action.handler == 1 }
    if handlers.count > 1 || (handlers.count == 1 && isIgnored) { return Self.dispatcher }
    if let only = handlers.first { return only.action }
    // One runtime's SIG_DFL takes back its own request, not another's SIG_IGN.
    let ignoring = asked.last { $0.action.handler == 1 }
    return (ignoring ?? asked.last)?.action ?? inherited[signal]!
  }
}
