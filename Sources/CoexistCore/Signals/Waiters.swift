import CCoexist
import Synchronization

/// Runtimes that take a signal without a handler: sigwait(3), signalfd(2). Alone nobody else's
/// SIG_IGN drops it, and nobody else's handler runs for it; so a number that one waits for and
/// another has an action for is shared, as one with two handlers is.
enum Waiters {
  /// The runtimes that ever waited for the signal, one bit each.
  @_noLocks @_noAllocation
  static func of(_ signal: Int32) -> UInt64 {
    atomic(coexist_waiters_of(UInt32(signal))).pointee.load(ordering: .acquiring)
  }

  /// Whoever waits is a party. Returns what it has to wait for in the kernel.
  @_noLocks @_noAllocation
  static func note(_ signals: UInt64, caller: UInt64) -> UInt64 {
    if signals & ~SignalMask.meansSomethingToAll == 0 { return signals }
    let party = Ownership.party(caller)
    Exchanges.want(signals, party, waits: true)
    if let thread = Threads.current() { Exchanges.catchUp(thread) }
    let real = Numbers.exchange(signals, party)
    note(real & ~SignalMask.meansSomethingToAll, bit(party))
    return real
  }

  @_noLocks @_noAllocation
  private static func note(_ signals: UInt64, _ runtime: UInt64) {
    var rest = signals
    while rest != 0 {
      let signal = Int32(truncatingIfNeeded: rest.trailingZeroBitCount &+ 1)
      rest &= rest &- 1
      if of(signal) & runtime != 0 { continue }
      _ = atomic(coexist_waiters_of(UInt32(signal))).pointee.bitwiseOr(
        runtime, ordering: .acquiringAndReleasing)
      if areApart(signal) { Installer.converge(signal) }
    }
  }

  /// Does one wait for the signal, and another have a handler for it or ignore it?
  @_noLocks @_noAllocation
  static func areApart(_ signal: Int32) -> Bool {
    let waiters = of(signal)
    if waiters == 0 { return false }
    let claimants = Requests.claimants(signal)
    if claimants != 0 { return waiters & ~claimants != 0 }
    let ignoring = Requests.ignoring(signal, among: Runtimes.all)
    return ignoring != 0 && waiters & ~ignoring != 0
  }

  /// A runtime waits for another number from now on.
  @_noLocks @_noAllocation
  static func moved(_ exchange: Numbers.Exchange) {
    let runtime = bit(exchange.runtime)
    let before = atomic(coexist_waiters_of(UInt32(exchange.own))).pointee.bitwiseAnd(
      ~runtime, ordering: .acquiringAndReleasing
    ).oldValue
    if before & runtime == 0 { return }
    _ = atomic(coexist_waiters_of(UInt32(exchange.real))).pointee.bitwiseOr(
      runtime, ordering: .acquiringAndReleasing)
  }

  /// The runtime's library was closed.
  static func left(_ runtime: UInt32) {
    for signal in UInt32(1)..<UInt32(COEXIST_SIGNALS_MAX) {
      _ = atomic(coexist_waiters_of(signal)).pointee.bitwiseAnd(
        ~bit(runtime), ordering: .acquiringAndReleasing)
    }
  }
}
