// error: called function is not known at compile time
// A function pointer says nothing about what it calls: only a guest's handler may be called so.
@_noLocks @_noAllocation
public func call(_ handler: @convention(c) (Int32) -> Void) {
  #if TWIN
    _unsafePerformance { handler(11) }
  #else
    handler(11)
  #endif
}
