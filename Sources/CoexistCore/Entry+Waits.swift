import CCoexist

// Numbers in exchange, and calls that wait for signals.

@_noLocks @_noAllocation
@c(coexist_core_number) @implementation
public func coexist_core_number(_ signal: Int32, _ caller: UInt64) -> Int32 {
  NumberCalls.number(signal, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_numbers) @implementation
public func coexist_core_numbers(_ signals: UInt64, _ caller: UInt64) -> UInt64 {
  NumberCalls.numbers(signals, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_number_to_ask) @implementation
public func coexist_core_number_to_ask(_ signal: Int32, _ caller: UInt64) -> Int32 {
  NumberCalls.numberToAsk(signal, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_wait_begin) @implementation
public func coexist_core_wait_begin(
  _ mask: UInt64, _ caller: UInt64, _ wait: UnsafeMutablePointer<coexist_wait>!,
  _ outer: UnsafeMutablePointer<coexist_wait>!
) -> UInt64 { Waits.begin(mask, caller: caller, wait, outer) }

@_noLocks @_noAllocation
@c(coexist_core_wait_end) @implementation
public func coexist_core_wait_end(
  _ wait: UnsafePointer<coexist_wait>!, _ outer: UnsafePointer<coexist_wait>!
) { Waits.end(wait.pointee, outer.pointee) }

@_noLocks @_noAllocation
@c(coexist_core_take_begin) @implementation
public func coexist_core_take_begin(
  _ signals: UInt64, _ caller: UInt64, _ wait: UnsafeMutablePointer<coexist_wait>!
) -> UInt64 { Waits.take(signals, caller: caller, wait) }

@_noLocks @_noAllocation
@c(coexist_core_reads) @implementation
public func coexist_core_reads(_ signals: UInt64, _ caller: UInt64) -> UInt64 {
  Waiters.note(signals, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_take_end) @implementation
public func coexist_core_take_end(_ wait: UnsafePointer<coexist_wait>!) {
  Waits.taken(wait.pointee)
}

@_noLocks @_noAllocation
@c(coexist_core_took_anothers) @implementation
public func coexist_core_took_anothers(
  _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>!, _ caller: UInt64
) -> Int32 { Waits.tookAnothers(signal, info, caller: caller) ? 1 : 0 }

@_noLocks @_noAllocation
@c(coexist_core_held) @implementation
public func coexist_core_held() -> UInt64 {
  Threads.current().map { Held.pending(on: $0) } ?? 0
}

@_noLocks @_noAllocation
@c(coexist_core_woken_by_others) @implementation
public func coexist_core_woken_by_others() -> Int32 { Waits.wokenByOthers() ? 1 : 0 }
