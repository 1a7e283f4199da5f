import CCoexist

/// What a new program inherits of signals: SIG_IGN and the mask, as the runtime that starts it
/// believes they are (execve(2)).
enum Exec {
  @_noLocks @_noAllocation
  static func begin(caller: UInt64) -> coexist_exec {
    let runtime = Ownership.caller(caller)
    let isAnonymous = Ownership.isAnonymous(caller, runtime)
    let thread = Threads.current()
    var changed: UInt64 = 0
    for signal in Int32(1)...64 where isChained(signal) {
      if let thread, VforkChild.hasSet(signal, thread) { continue }
      let ignores = believesIgnored(signal, runtime, isAnonymous)
      if ignores == isIgnored(signal) { continue }
      var action = coexist_action()
      action.handler = ignores ? 1 : 0
      Installer.set(action, signal)
      changed |= signalBit(signal)
    }
    var exec = coexist_exec(changed: changed, mask: 0)
    var mask: UInt64 = 0
    if hides(&mask, runtime) {
      exec.mask = SignalMask.open(0) | isOpen
      SignalMask.set(mask)
    }
    return exec
  }

  /// So that a mask that was changed is not 0.
  private static let isOpen: UInt64 = 1 &<< 8  // SIGKILL's bit

  @_noLocks @_noAllocation
  static func undo(_ exec: coexist_exec) {
    for signal in Int32(1)...64 where exec.changed & signalBit(signal) != 0 {
      Installer.reinstall(signal)
    }
    if exec.mask != 0 { SignalMask.restore(exec.mask & ~isOpen) }
  }

  /// The kernel ignores these, the runtime does not.
  @_noLocks @_noAllocation
  static func defaults(caller: UInt64) -> UInt64 {
    let runtime = Ownership.caller(caller)
    let isAnonymous = Ownership.isAnonymous(caller, runtime)
    var defaults: UInt64 = 0
    for signal in Int32(1)...64
    where isChained(signal) && isIgnored(signal) && !believesIgnored(signal, runtime, isAnonymous) {
      defaults |= signalBit(signal)
    }
    return defaults
  }

  /// Is anything blocked that the kernel does not hold as blocked? Then, the whole mask.
  @_noLocks @_noAllocation
  static func hides(_ mask: inout UInt64, _ runtime: UInt32) -> Bool {
    guard let thread = Threads.current() else { return false }
    if coexist_in_vfork() == 0 { _ = Dispatches.innermost() }
    let hidden = VforkChild.hidden(thread)
    let believed = SignalMask.open(0) | hidden
    mask = coexist_in_vfork() != 0 ? believed : Numbers.exchange(believed, runtime)
    return hidden != 0 || mask != believed
  }

  /// Who has asked for nothing starts programs for the host; a library of nobody's, as without us.
  @_noLocks @_noAllocation
  private static func believesIgnored(
    _ signal: Int32, _ runtime: UInt32, _ isAnonymous: Bool
  ) -> Bool {
    let signal = Numbers.exchange(signal, runtime)
    if let own = Requests.action(signal, runtime) { return own.handler == 1 }
    if isAnonymous {
      return Requests.claimants(signal) == 0 && Requests.newestDefault(signal).handler == 1
    }
    return Requests.readBack(signal, Start.host).handler == 1
  }

  @_noLocks @_noAllocation
  private static func isIgnored(_ signal: Int32) -> Bool {
    State.installed(signal) == COEXIST_INSTALLED_NATIVE
      && Requests.newestDefault(signal).handler == 1
  }
}
