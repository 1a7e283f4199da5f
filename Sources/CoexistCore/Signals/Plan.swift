import CCoexist
import Synchronization

/// Requested → installed, for one signal: a pure function (DESIGN §1.2).
enum Plan: Equatable {
  /// Nobody has a handler: the kernel holds the newest request.
  case native
  /// One party: the kernel holds exactly its action.
  case exact(runtime: UInt32)
  /// More, or one whose signal another has tried to block, or ignores, or whose handler would hit
  /// another's small stack; or some ignore it and some do not: the kernel holds our entry.
  case dispatcher

  @_noLocks @_noAllocation
  static func make(
    claimants: UInt64, isHidden: Bool = false, isIgnored: Bool = false, isDivided: Bool = false,
    hitsSmallStacks: Bool = false
  ) -> Plan {
    if isDivided { return .dispatcher }
    if claimants == 0 { return .native }
    if claimants & (claimants &- 1) == 0, !isHidden, !isIgnored, !hitsSmallStacks {
      return .exact(runtime: UInt32(truncatingIfNeeded: claimants.trailingZeroBitCount))
    }
    return .dispatcher
  }
}

/// Brings the kernel to the plan. Lock-free: whoever sees that requests changed meanwhile does it
/// again, so the last one to finish has installed the last plan.
enum Installer {
  /// Returns 0, or -1 with errno set when the kernel refused: a sandbox may.
  @_noLocks @_noAllocation @discardableResult
  static func converge(_ signal: Int32) -> Int32 {
    let version = coexist_version_of(UInt32(signal))!
    var isRepeated = false
    while true {
      let before = atomic(version).pointee.load(ordering: .acquiring)
      let result = install(plan(signal), signal, isRepeated)
      // What was said to be installed must be seen before the version is read: another thread bumps
      // the version and then looks at what is installed.
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      if atomic(version).pointee.load(ordering: .acquiring) == before { return result }
      isRepeated = true
    }
  }

  @_noLocks @_noAllocation
  static func plan(_ signal: Int32) -> Plan {
    let claimants = Requests.claimants(signal)
    return Plan.make(
      claimants: claimants, isHidden: Needs.areHidden(signalBit(signal)),
      isIgnored: claimants != 0 && !isFault(signal)
        && Requests.ignoring(signal, among: Runtimes.all & ~claimants) != 0,
      isDivided: Pipes.isDivided(signal) || Children.isDivided(signal)
        || Waiters.areApart(signal) || Numbers.isExchanged(signal),
      hitsSmallStacks: SmallStacks.mayBeHit(by: claimants, signal))
  }

  @_noLocks @_noAllocation
  private static func install(_ plan: Plan, _ signal: Int32, _ isRepeated: Bool) -> Int32 {
    switch plan {
    case .native:
      guard set(Requests.newestDefault(signal), signal) == 0 else { return -1 }
      State.setInstalled(COEXIST_INSTALLED_NATIVE, signal)
    case .exact(let runtime):
      guard let action = Requests.action(signal, runtime) else { return 0 }
      guard set(action, signal) == 0 else { return -1 }
      State.setInstalled(COEXIST_INSTALLED_EXACT, signal, runtime: runtime)
    case .dispatcher:
      // While it is installed a further party changes nothing that the kernel holds; unless an
      // older plan of ours has just gone over it.
      if State.installed(signal) == COEXIST_INSTALLED_DISPATCHER, !isRepeated { return 0 }
      guard set(dispatcher, signal) == 0 else { return -1 }
      word(COEXIST_WORD_DISPATCHES).pointee.store(1, ordering: .relaxed)
      State.setInstalled(COEXIST_INSTALLED_DISPATCHER, signal)
    }
    return 0
  }

  /// Puts the plan back over what the kernel was given meanwhile.
  @_noLocks @_noAllocation
  static func reinstall(_ signal: Int32) { _ = install(plan(signal), signal, true) }

  @_noLocks @_noAllocation @discardableResult
  static func set(_ action: coexist_action, _ signal: Int32) -> Int32 {
    var action = action
    var native = sigaction()
    coexist_action_write(&action, &native)
    return coexist_real_sigaction(signal, &native, nil)
  }

  /// SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER, everything that is sent blocked: no sent
  /// signal interrupts our own code, and a fault in it would be seen.
  private static var dispatcher: coexist_action {
    @_noLocks @_noAllocation get {
      var action = coexist_action()
      action.handler = coexist_entry_address()
      action.flags = 0x5800_0004
      action.mask = SignalMask.dispatcher
      return action
    }
  }

  /// What the kernel holds now.
  @_noLocks @_noAllocation
  static func held(_ signal: Int32) -> coexist_action {
    var native = sigaction()
    var action = coexist_action()
    _ = coexist_real_sigaction(signal, nil, &native)
    coexist_action_read(&native, &action)
    return action
  }
}
