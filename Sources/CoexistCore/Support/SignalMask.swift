import CCoexist

/// The thread's real signal mask. Raw system calls: libc's wrappers will be interposed names.
enum SignalMask {
  /// Everything that may be blocked while our own code runs on the signal path: all that is sent,
  /// never what the processor raises.
  static let dispatcher: UInt64 = ~(processorSignals | unblockableSignals)

  /// Faults, and what tells the whole process something: SIGHUP SIGINT SIGQUIT SIGTERM SIGCHLD
  /// SIGCONT SIGWINCH.
  static let meansSomethingToAll: UInt64 = 0x0803_4007 | faultSignals | unblockableSignals

  private static let sigProcmask = 14
  private static let setMask = 2

  @_noLocks @_noAllocation
  static func set(_ mask: UInt64) {
    var new = mask
    withUnsafePointer(to: &new) {
      _ = coexist_syscall4(sigProcmask, setMask, Int(bitPattern: $0), 0, 8)
    }
  }

  /// Blocks what can be blocked, or what the signal path may block; returns the mask before.
  @_noLocks @_noAllocation
  static func blockAll(_ signals: UInt64 = dispatcher) -> UInt64 {
    change(0, signals)
  }

  /// Unblocks these; returns the mask before.
  @_noLocks @_noAllocation
  static func open(_ signals: UInt64) -> UInt64 { change(1, signals) }

  @_noLocks @_noAllocation
  private static func change(_ how: Int, _ signals: UInt64) -> UInt64 {
    var new = signals
    var old: UInt64 = 0
    withUnsafePointer(to: &new) { new in
      withUnsafeMutablePointer(to: &old) { old in
        _ = coexist_syscall4(sigProcmask, how, Int(bitPattern: new), Int(bitPattern: old), 8)
      }
    }
    return old
  }

  @_noLocks @_noAllocation
  static func restore(_ mask: UInt64) { set(mask) }

  /// What a handler asked to run under: the interrupted mask, its own, its signal; faults stay
  /// open.
  @_noLocks @_noAllocation
  static func inHandler(
    _ interrupted: UInt64, _ action: coexist_action, _ signal: Int32
  ) -> UInt64 {
    (interrupted | asked(action, signal)) & ~(processorSignals | unblockableSignals)
  }

  /// sa_mask, and the signal itself unless SA_NODEFER.
  @_noLocks @_noAllocation
  static func asked(_ action: coexist_action, _ signal: Int32) -> UInt64 {
    let noDefer: UInt64 = 0x4000_0000
    return action.mask | (action.flags & noDefer == 0 ? signalBit(signal) : 0)
  }
}
