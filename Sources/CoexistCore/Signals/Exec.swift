import CCoexist

/// What a new program inherits of signals: SIG_IGN and the mask, as the runtime that starts it
/// believes they are (execve(2)).
enum Exec {
  @_noLocks @_noAllocation
  static func begin(_ caller: coexist_frame) -> coexist_exec {
    let thread = Threads.current()
    var changed: UInt64 = 0
    for signal in Int32(1)...64 where isChained(signal) {
      if let thread, VforkChild.hasSet(signal, thread) { continue }
      let ignores = believesIgnored(signal, caller)
      if ignores == isIgnored(signal) { continue }
      var action = coexist_action()
      action.handler = ignores ? 1 : 0
      Installer.set(action, signal)
      changed |= signalBit(signal)
    }
    var exec = coexist_exec(changed: changed, mask: 0)
    var mask: UInt64 = 0
    if hides(&mask, Ownership.caller(caller.pc)) {
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
  static func defaults(_ caller: coexist_frame) -> UInt64 {
    var defaults: UInt64 = 0
    for signal in Int32(1)...64
    where isChained(signal) && isIgnored(signal) && !believesIgnored(signal, caller) {
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

  /// Who has asked for nothing starts programs for the host; a library of nobody's, for its caller.
  @_noLocks @_noAllocation
  private static func believesIgnored(_ signal: Int32, _ caller: coexist_frame) -> Bool {
    let runtime = Ownership.caller(caller.pc)
    let signal = Numbers.exchange(signal, runtime)
    if let own = Requests.action(signal, runtime) { return own.handler == 1 }
    guard Ownership.isAnonymous(caller.pc, runtime) else {
      return Requests.readBack(signal, Start.host).handler == 1
    }
    // With one wish there is nothing to tell apart.
    if Requests.claimants(signal) == 0 { return Requests.newestDefault(signal).handler == 1 }
    guard let asker = Behalf.owner(from: caller, signal) else { return false }
    let wish = Requests.action(Numbers.exchange(signal, asker), asker)
    return (wish ?? Requests.readBack(signal, Start.host)).handler == 1
  }

  @_noLocks @_noAllocation
  private static func isIgnored(_ signal: Int32) -> Bool {
    State.installed(signal) == COEXIST_INSTALLED_NATIVE
      && Requests.newestDefault(signal).handler == 1
  }
}
