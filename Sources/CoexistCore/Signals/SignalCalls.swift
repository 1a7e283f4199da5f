import CCoexist
import Synchronization

/// sigaction(2) as each runtime alone would see it.
enum SignalCalls {
  private static let resetHand: UInt64 = 0x8000_0000

  @_noLocks @_noAllocation
  static func sigaction(
    _ signal: Int32, _ act: UnsafePointer<CCoexist.sigaction>?,
    _ old: UnsafeMutablePointer<CCoexist.sigaction>?, caller: UInt64
  ) -> Int32 {
    let config = coexist_the_config()!
    if coexist_in_vfork() != 0 { return VforkChild.sigaction(signal, act, old, caller: caller) }
    guard isChained(signal), config.pointee.mode == COEXIST_MODE_ENFORCE.rawValue,
      config.pointee.last_wins == 0
    else { return observed(signal, act, old, caller) }

    let runtime = act == nil ? Ownership.caller(caller) : party(act!, caller)
    let dispatch = Dispatches.live(of: runtime)
    // `act` and `old` may be the same object.
    var wanted: coexist_action? = nil
    if let act { wanted = normalised(act, caller) }
    var previous = coexist_action()
    if old != nil { previous = readBack(signal, runtime, dispatch) }
    guard let wanted else { return answered(previous, old) }
    if let dispatch, wanted.handler <= 1 {
      Decline.journal(wanted, signal, in: dispatch)
      return answered(previous, old)
    }
    if let dispatch { Decline.forget(signal, in: dispatch) }
    forgetSpent(signal)
    guard let older = Requests.replace(wanted, signal, runtime) else {
      let result = outOfRecords(signal, act)
      return result == 0 ? answered(previous, old) : result
    }
    // Refused by a sandbox: then nobody has asked. errno is the kernel's.
    guard Installer.converge(signal) == 0 else {
      Requests.putBack(older, signal, runtime)
      return -1
    }
    if older != 0 { ActionPool.give(older) }
    SmallStacks.check()
    return answered(previous, old)
  }

  /// As the kernel: `old` is written when the call has succeeded.
  @_noLocks @_noAllocation
  private static func answered(
    _ previous: coexist_action, _ old: UnsafeMutablePointer<CCoexist.sigaction>?
  ) -> Int32 {
    var previous = previous
    if let old { coexist_action_write(&previous, old) }
    return 0
  }

  /// Whoever asks for a handler is a party; whoever only resets is not made one by that.
  @_noLocks @_noAllocation
  private static func party(_ act: UnsafePointer<CCoexist.sigaction>, _ caller: UInt64) -> UInt32 {
    var action = coexist_action()
    coexist_action_read(act, &action)
    return action.handler > 1 ? Ownership.party(caller) : Ownership.caller(caller)
  }

  /// As the kernel would give it back: SA_RESTORER added, unknown flags and SIGKILL, SIGSTOP
  /// dropped (Linux kernel/signal.c do_sigaction, UAPI_SA_FLAGS; glibc libc_sigaction.c).
  @_noLocks @_noAllocation
  private static func normalised(
    _ act: UnsafePointer<CCoexist.sigaction>, _ caller: UInt64
  ) -> coexist_action {
    var action = coexist_action()
    coexist_action_read(act, &action)
    action.flags = (action.flags & 0xD800_0807) | 0x0400_0000
    action.mask &= ~0x4_0100
    action.restorer = word(COEXIST_WORD_LIBC_RESTORER).pointee.load(ordering: .relaxed)
    action.asked_ns = coexist_clock_ns(5)  // CLOCK_REALTIME_COARSE: a few nanoseconds
    action.asked_from = caller
    return action
  }

  @_noLocks @_noAllocation
  private static func readBack(
    _ signal: Int32, _ runtime: UInt32, _ dispatch: UnsafeMutablePointer<coexist_dispatch>?
  ) -> coexist_action {
    if let dispatch, let journaled = Decline.journaled(signal, in: dispatch) { return journaled }
    let own = Requests.readBack(signal, runtime)
    // With SA_RESETHAND the kernel itself puts SIG_DFL back when it delivers to a single party.
    if own.flags & resetHand != 0, own.handler > 1,
      State.installed(signal) == COEXIST_INSTALLED_EXACT
    {
      return Installer.held(signal)
    }
    return own
  }

  /// A single party's SA_RESETHAND handler that has run is spent: it must not be installed again
  /// because somebody else asks for something.
  @_noLocks @_noAllocation
  private static func forgetSpent(_ signal: Int32) {
    guard State.installed(signal) == COEXIST_INSTALLED_EXACT else { return }
    let runtime = atomic(coexist_signal_installed_runtime(State.signal(signal))).pointee.load(
      ordering: .relaxed)
    guard let own = Requests.action(signal, runtime), own.flags & resetHand != 0 else { return }
    let held = Installer.held(signal)
    if held.handler == 0 { _ = Requests.put(held, signal, runtime) }
  }

  /// libc's behaviour, with the request on record for the inspector.
  @_noLocks @_noAllocation
  private static func observed(
    _ signal: Int32, _ act: UnsafePointer<CCoexist.sigaction>?,
    _ old: UnsafeMutablePointer<CCoexist.sigaction>?, _ caller: UInt64
  ) -> Int32 {
    guard let act, signal > 0, signal < Int32(COEXIST_SIGNALS_MAX) else {
      return coexist_real_sigaction(signal, act, old)
    }
    let wanted = normalised(act, caller)
    let result = coexist_real_sigaction(signal, act, old)
    if result == 0 { _ = Requests.put(wanted, signal, party(act, caller)) }
    return result
  }

  /// All records are in use: this signal goes back to what libc alone would do.
  @_noLocks @_noAllocation
  private static func outOfRecords(
    _ signal: Int32, _ act: UnsafePointer<CCoexist.sigaction>?
  ) -> Int32 {
    Warnings.add("W205", level: COEXIST_LOG_WARN) {
      $0.add("no record is free for an action; signal ")
      $0.add(decimal: Int64(signal))
      $0.add(" has libc's behaviour from here on")
    }
    return coexist_real_sigaction(signal, act, nil)
  }
}
