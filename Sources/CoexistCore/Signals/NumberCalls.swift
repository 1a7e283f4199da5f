import CCoexist

/// Calls that name signals, where numbers may be in exchange (`Numbers`): told to the core under
/// the kernel's numbers, and answered under the runtime's own.
enum NumberCalls {
  /// A child of vfork(2) asks for the program that it starts, to which nobody's numbers are known.
  @_noLocks @_noAllocation
  private static func runtime(_ caller: UInt64) -> UInt32 {
    coexist_in_vfork() != 0 ? Runtimes.system : Ownership.caller(caller)
  }

  @_noLocks @_noAllocation
  static func number(_ signal: Int32, caller: UInt64) -> Int32 {
    Numbers.exchange(signal, runtime(caller))
  }

  @_noLocks @_noAllocation
  static func numbers(_ signals: UInt64, caller: UInt64) -> UInt64 {
    Numbers.exchange(signals, runtime(caller))
  }

  /// For a signal that the kernel is asked for: who asks will look for it.
  @_noLocks @_noAllocation
  static func numberToAsk(_ signal: Int32, caller: UInt64) -> Int32 {
    numberToAsk(signal, runtime(caller))
  }

  @_noLocks @_noAllocation
  private static func numberToAsk(_ signal: Int32, _ runtime: UInt32) -> Int32 {
    if signal < 34 || signal > 64 { return signal }
    Exchanges.want(signalBit(signal), runtime, waits: false)
    return Numbers.exchange(signal, runtime)
  }

  /// As `SignalCalls.sigaction`.
  @_noLocks @_noAllocation
  static func sigaction(
    _ signal: Int32, _ act: UnsafePointer<CCoexist.sigaction>?,
    _ old: UnsafeMutablePointer<CCoexist.sigaction>?, caller: UInt64
  ) -> Int32 {
    if signal < 34 && !Numbers.areAny {
      return SignalCalls.sigaction(signal, act, old, caller: caller)
    }
    var action = coexist_action()
    if let act { coexist_action_read(act, &action) }
    // Whoever asks for a handler is a party.
    let real =
      action.handler > 1 && coexist_in_vfork() == 0
      ? numberToAsk(signal, Ownership.party(caller)) : number(signal, caller: caller)
    if !Numbers.areAny { return SignalCalls.sigaction(signal, act, old, caller: caller) }
    var native = CCoexist.sigaction()
    if let act {
      coexist_copy(&native, act, UInt64(MemoryLayout<CCoexist.sigaction>.size))
      exchangeMask(&native, caller)
    }
    let result = withUnsafePointer(to: &native) {
      SignalCalls.sigaction(real, act == nil ? nil : $0, old, caller: caller)
    }
    if result == 0, let old { exchangeMask(&old.pointee, caller) }
    return result
  }

  @_noLocks @_noAllocation
  private static func exchangeMask(_ action: inout CCoexist.sigaction, _ caller: UInt64) {
    let mask = coexist_action_mask(&action)!
    mask.pointee = numbers(mask.pointee, caller: caller)
  }

  /// As `MaskCalls.change`.
  @_noLocks @_noAllocation
  static func mask(
    _ how: Int32, _ set: UnsafePointer<UInt64>?, _ old: UnsafeMutablePointer<UInt64>?,
    caller: UInt64
  ) -> Int32 {
    if !Numbers.areAny { return MaskCalls.change(how, set, old, caller: caller) }
    if let thread = Threads.current() { Exchanges.catchUp(thread) }
    var real = numbers(set?.pointee ?? 0, caller: caller)
    let error = withUnsafePointer(to: &real) {
      MaskCalls.change(how, set == nil ? nil : $0, old, caller: caller)
    }
    if error == 0, let old { old.pointee = numbers(old.pointee, caller: caller) }
    return error
  }
}
